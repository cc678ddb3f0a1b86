"""Room 8: where the world touches. Files, argv, sockets, the clock; everything below is pure."""
