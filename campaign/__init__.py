"""What a running instance survives: killed, filled up, cut off, pressed twice. `make campaign`."""
