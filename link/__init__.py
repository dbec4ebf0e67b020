"""What terminals and the hub say to each other, and the promise that it arrives."""
