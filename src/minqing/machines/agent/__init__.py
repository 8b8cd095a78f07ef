"""The program in the machine: a process with a file of its own, in which everything stands before it is done.

It knows neither Django nor the server's tables; the driver is the seam behind which real hardware is.
"""
