"""Names for containers whose maker did not care: an adjective and somebody who is remembered."""

import secrets
from collections.abc import Callable

ADJECTIVES = """
    able airy amber ample apt bold brave breezy bright brisk calm candid cheerful civil clear
    clever cosy crisp curious daring deft dewy eager earnest easy fair fond frank free fresh
    gentle glad golden graceful grand happy hardy hearty honest humble jolly keen kind lively
    loyal lucid lucky mellow merry mild modest neat nimble noble patient placid plucky polite
    proud quick quiet ready robust rosy serene sharp silent simple sincere smooth snug sober
    solid spry stable steady stoic stout sunny swift tender thrifty tidy trusty upbeat valiant
    vivid warm wise witty youthful zesty
""".split()  # noqa: SIM905 - a list would be a page of quotes
SURNAMES = """
    abel agnesi ampere archimedes arrhenius avogadro babbage bernoulli bohr boltzmann boole
    borlaug brahe carson cauchy celsius chandra clarke copernicus coulomb curie dalton darwin
    descartes dirac edison einstein erdos euclid euler faraday fermat fermi feynman fibonacci
    fourier franklin galileo galois gauss germain goodall hamilton harvey heisenberg herschel
    hertz hilbert hooke hopper hubble huygens hypatia joule kepler kovalevskaya lagrange
    laplace leibniz linnaeus lovelace maxwell mendel mendeleev mirzakhani moser newton
    nightingale noether ohm pascal pasteur pauli planck poincare ptolemy pythagoras ramanujan
    riemann rutherford sagan salk shannon somerville tesla turing volta watt wiles wu
    zhukovsky
""".split()  # noqa: SIM905 - a list would be a page of quotes


def random_name(taken: Callable[[str], bool]) -> str:
    """Return a name nobody has."""
    for attempt in range(1000):
        name = f"{secrets.choice(ADJECTIVES)}_{secrets.choice(SURNAMES)}"
        if attempt:
            name += str(secrets.randbelow(10 * attempt))
        if not taken(name):
            return name
    return f"container_{secrets.token_hex(8)}"
