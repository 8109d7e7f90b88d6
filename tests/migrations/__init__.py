"""The migrations, on the database the tests run on."""
