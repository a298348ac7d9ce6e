"""Reference for test_corrected.py, made with ppi-python 0.2.3 (not a dependency here); prints

0.25833 0.14656 0.37011
"""

import numpy as np

if __name__ == "__main__":
    from ppi_py import ppi_mean_ci, ppi_mean_pointestimate

    people = np.array([1.0] * 14 + [0] * 46)
    program = np.array([1.0] * 11 + [0] * 3 + [1] * 7 + [0] * 39)
    others = np.array([1.0] * 130 + [0] * 270)
    value = ppi_mean_pointestimate(people, program, others, lam=1)
    low, high = ppi_mean_ci(people, program, others, alpha=0.05, lam=1)
    print(*(f"{float(np.squeeze(number)):.5f}" for number in (value, low, high)))
