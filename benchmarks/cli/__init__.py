"""What all commands share on the command line:
the parser, arguments with units, and the flags that describe hardware."""
