"""What machine and server say to each other: signed lines, and the code on the screen. Knows no table and no Django."""
