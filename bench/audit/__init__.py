"""What is too slow for every change: Lighthouse, the Nu HTML checker and axe. `make audit`."""
