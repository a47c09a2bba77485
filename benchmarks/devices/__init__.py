"""One synapse: the paper's measurements as a gallery,
and as a table of paper, model, deviation."""
