"""What many do at once: nothing is lost, nothing happens twice, nobody sees a machine's error."""
