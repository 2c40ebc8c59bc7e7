"""The environment of a program."""

from sampan.engine.spec.env import DEFAULT_PATH, merge, of_process


def test_a_word_without_a_value_takes_the_variable_away() -> None:
    assert merge(["A=1", "B=2"], ["A"]) == ["B=2"]


def test_the_later_value_wins_in_the_first_place() -> None:
    assert merge(["A=1", "B=2"], ["A=3"]) == ["A=3", "B=2"]


def test_docker_words_come_first() -> None:
    words = of_process(["X=1"], hostname="box", home="/root", tty=True)
    assert words == [DEFAULT_PATH, "HOSTNAME=box", "TERM=xterm", "X=1", "HOME=/root"]


def test_a_home_of_the_images_stays() -> None:
    assert "HOME=/mine" in of_process(["HOME=/mine"], hostname="x", home="/root", tty=False)


def test_values_may_hold_equal_signs() -> None:
    assert merge([], ["A=b=c"]) == ["A=b=c"]
