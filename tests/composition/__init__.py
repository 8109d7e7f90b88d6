"""Several cases over the same records and sanctions, in every order: the law without the office."""
