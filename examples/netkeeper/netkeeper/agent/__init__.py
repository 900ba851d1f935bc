"""What runs on the hosts."""
