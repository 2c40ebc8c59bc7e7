"""Names nobody chose."""

from sampan.engine.spec.names import ADJECTIVES, SURNAMES, random_name
from sampan.engine.spec.validate.config import check_name


def test_every_word_makes_a_valid_name() -> None:
    for adjective, surname in zip(ADJECTIVES * 2, SURNAMES, strict=False):
        check_name(f"{adjective}_{surname}")


def test_a_taken_name_gets_a_number() -> None:
    tries = []

    def taken(name: str) -> bool:
        tries.append(name)
        return len(tries) == 1

    assert random_name(taken)[-1].isdigit()


def test_it_ends_when_everything_is_taken() -> None:
    assert random_name(lambda _: True).startswith("container_")
