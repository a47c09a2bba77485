"""What commands leave behind: files whole or not at all, points of a study to resume,
intervals, and the look of pictures."""
