"""Studies of many points: a grid over the flags of the main job, kept in one file as they come."""
