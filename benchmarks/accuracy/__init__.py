"""The main job: software, ideal and analog accuracy of a network,
and its read energy."""
