"""Changes of `commit -c` and `import -c`."""

import pytest

from sampan.errors import InvalidRequest
from sampan.images.changes import apply


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("CMD echo hello", {"Cmd": ["/bin/sh", "-c", "echo hello"]}),
        ('CMD ["a", "b c"]', {"Cmd": ["a", "b c"]}),
        ("cmd top", {"Cmd": ["/bin/sh", "-c", "top"]}),
        ("CMD []", {"Cmd": None}),
        ('ENTRYPOINT ["/x"]', {"Entrypoint": ["/x"]}),
        ("ENV A=1 B='two words'", {"Env": ["A=1", "B=two words"]}),
        ("ENV A the rest of it", {"Env": ["A=the rest of it"]}),
        ("EXPOSE 80 53/udp", {"ExposedPorts": {"80/tcp": {}, "53/udp": {}}}),
        ("EXPOSE 8000-8001", {"ExposedPorts": {"8000/tcp": {}, "8001/tcp": {}}}),
        ('LABEL a=b "c d"="e f"', {"Labels": {"a": "b", "c d": "e f"}}),
        ("USER nobody:users", {"User": "nobody:users"}),
        ('VOLUME ["/a", "/b"]', {"Volumes": {"/a": {}, "/b": {}}}),
        ("VOLUME /a /b", {"Volumes": {"/a": {}, "/b": {}}}),
        ("WORKDIR /srv/../app", {"WorkingDir": "/app"}),
        ("ONBUILD RUN make", {"OnBuild": ["RUN make"]}),
        ("STOPSIGNAL SIGINT", {"StopSignal": "SIGINT"}),
        ("HEALTHCHECK NONE", {"Healthcheck": {"Test": ["NONE"]}}),
        (
            "HEALTHCHECK --interval=1m30s --retries=2 CMD curl -f x",
            {
                "Healthcheck": {
                    "Test": ["CMD-SHELL", "curl -f x"],
                    "Interval": 90 * 10**9,
                    "Retries": 2,
                }
            },
        ),
        ('HEALTHCHECK CMD ["a"]', {"Healthcheck": {"Test": ["CMD", "a"]}}),
    ],
)
def test_each_instruction_changes_its_word(line, expected):
    assert apply({}, [line]) == expected


def test_changes_add_to_what_is_there():
    before = {"Env": ["A=1", "B=2"], "Labels": {"x": "y"}, "WorkingDir": "/srv"}
    after = apply(before, ["ENV B=3 C=$A-${D:-4}", "LABEL z=$B", "WORKDIR app"])
    assert after["Env"] == ["A=1", "B=3", "C=1-4"]
    assert after["Labels"] == {"x": "y", "z": "3"}
    assert after["WorkingDir"] == "/srv/app"
    assert before["Env"] == ["A=1", "B=2"]


def test_the_shell_of_the_image_runs_commands():
    assert apply({"Shell": ["/bin/bash", "-c"]}, ["CMD x"])["Cmd"] == ["/bin/bash", "-c", "x"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("RUN make", "run is not a valid change command"),
        ("FROM x", "from is not a valid change command"),
        ("ENV", "ENV requires at least one argument"),
        ("ENV A", "ENV must have two arguments"),
        ("LABEL a=b c", "can't find = in"),
        ("EXPOSE 70000", "invalid containerPort: 70000"),
        ("EXPOSE http", "invalid containerPort: http"),
        ("ONBUILD ONBUILD RUN x", "isn't allowed"),
        ("ONBUILD FROM x", "isn't allowed"),
        ("HEALTHCHECK --interval=x CMD y", "invalid duration"),
        ("HEALTHCHECK --nonsense=1 CMD y", "unknown flag: nonsense"),
        ("HEALTHCHECK RUN y", "Unknown type"),
        ("LABEL a='b", "syntax error"),
    ],
)
def test_mistakes_are_named(line, message):
    with pytest.raises(InvalidRequest, match=message):
        apply({}, [line])
