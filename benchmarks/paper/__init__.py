"""The accuracy study of Kumar et al. 2024 again, claim by claim,
then through the circuit and the write."""
