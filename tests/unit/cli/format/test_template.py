"""Go templates: the language, Docker's functions, and Go's words when something is wrong."""

import pytest

from sampan.cli.errors import CommandError
from sampan.cli.format.documents import template as documents
from sampan.cli.format.template import Template

WEB = {
    "Name": "/web",
    "State": {"Running": True, "Pid": 42, "ExitCode": 0, "Error": ""},
    "Config": {"Cmd": ["sh", "-c", "x"], "Labels": {"a.b": "c", "d": "e"}, "Entrypoint": None},
    "NetworkSettings": {
        "Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}], "53/udp": None},
        "Networks": {"bridge": {"IPAddress": "10.0.0.2"}},
    },
    "Mounts": [{"Source": "/a"}, {"Source": "/b"}],
    "Size": 1.5,
}


def run(text, data=WEB):
    return Template(text).run(data)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("{{.Name}}", "/web"),
        ("{{.State.Pid}}", "42"),
        ("{{ .State.Running }}", "true"),
        ("{{.Size}}", "1.5"),
        ("{{.Config.Cmd}}", "[sh -c x]"),
        ("{{.Config.Labels}}", "map[a.b:c d:e]"),
        ("{{.Config.Entrypoint}}", "<nil>"),
        ('{{index .Config.Labels "a.b"}}', "c"),
        ('{{index .Config.Labels "none"}}', ""),
        ("{{index .Config.Cmd 2}}", "x"),
        ('{{(index (index .NetworkSettings.Ports "80/tcp") 0).HostPort}}', "8080"),
        ('{{with index .Config.Labels "d"}}<{{.}}>{{end}}', "<e>"),
        ("{{range .Mounts}}{{.Source}};{{end}}", "/a;/b;"),
        ("{{range $i, $m := .Mounts}}{{$i}}={{$m.Source}} {{end}}", "0=/a 1=/b "),
        ("{{range $k, $v := .Config.Labels}}{{$k}}={{$v}} {{end}}", "a.b=c d=e "),
        ("{{range .Config.Entrypoint}}x{{else}}none{{end}}", "none"),
        ("{{range .Mounts}}{{.Source}}{{break}}{{end}}", "/a"),
        ('{{range .Config.Cmd}}{{if eq . "-c"}}{{continue}}{{end}}{{.}}{{end}}', "shx"),
        ("{{if .State.Running}}up{{else}}down{{end}}", "up"),
        ("{{if .State.Error}}a{{else if .State.ExitCode}}b{{else}}c{{end}}", "c"),
        ("{{with .State}}{{.Pid}} {{$.Name}}{{end}}", "42 /web"),
        ("{{$x := .State.Pid}}{{if $x}}{{$x = 7}}{{end}}{{$x}}", "7"),
        ("a {{- .State.Pid -}} b", "a42b"),
        ("a{{/* nothing */}}b", "ab"),
        ("{{.Name | upper | printf \"%s!\"}}", "/WEB!"),
        ('{{printf "%05d|%-5s|%q|%v|%.1f|%t|%%" 42 "ab" "c" .Config.Cmd .Size true}}',
         '00042|ab   |"c"|[sh -c x]|1.5|true|%'),
        ('{{join .Config.Cmd ","}}', "sh,-c,x"),
        ('{{join (split "a/b" "/") "+"}}', "a+b"),
        ('{{title "web server"}} {{lower "ABC"}} {{truncate "abcdef" 3}}', "Web Server abc abc"),
        ('[{{pad "x" 1 2}}]', "[ x  ]"),
        ("{{len .Mounts}} {{len .Name}}", "2 4"),
        ('{{json .Config.Labels}}', '{"a.b":"c","d":"e"}'),
        ("{{println .Name}}", "/web\n"),
        ('{{print "a" 1 2 "b"}}', "a1 2b"),
        ("{{slice .Name 1 3}}", "we"),
        ('{{eq .State.Pid 41 42}} {{ne "a" "b"}} {{lt 1 2}} {{ge 2 2}}', "true true true true"),
        ('{{and .State.Running "x"}} {{or "" "y"}} {{not .State.Running}}', "x y false"),
        ("{{`raw \\n`}} {{\"\\u00e9\\t\"}}", "raw \\n é\t"),
        ('{{define "t"}}<{{.}}>{{end}}{{template "t" .Name}}', "</web>"),
        ('{{block "b" .State}}{{.Pid}}{{end}}', "42"),
        ("{{html \"<a>\"}} {{urlquery \"a b\"}}", "&lt;a&gt; a+b"),
        ("{{range 3}}{{.}}{{end}}", "012"),
    ],
)  # fmt: skip
def test_templates_print_what_go_prints(text, shown):
    assert run(text) == shown


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{.Foo", ":1: unclosed action"),
        ("{{foo}}", ':1: function "foo" not defined'),
        ("{{if}}", ":1: missing value for if"),
        ("{{end}}", ":1: unexpected {{end}}"),
        ("{{if .Name}}", ":1: unexpected EOF"),
        ('{{"a}}', ":1: unterminated quoted string"),
        ("\n{{.Foo", ":2: unclosed action"),
    ],
)
def test_what_is_no_template_is_told_with_its_line(text, reason):
    with pytest.raises(CommandError) as caught:
        run(text)
    assert str(caught.value) == f"template parsing error: template: {reason}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{.Foo}}", ':1:2: executing "" at <.Foo>: map has no entry for key "Foo"'),
        ("{{.State.Foo}}", ':1:8: executing "" at <.State.Foo>: map has no entry for key "Foo"'),
        ("{{.Foo.Bar}}", ':1:6: executing "" at <.Foo.Bar>: map has no entry for key "Foo"'),
        (
            "{{index .Config.Cmd 5}}",
            ':1:2: executing "" at <index .Config.Cmd 5>: '
            "error calling index: index out of range: 5",
        ),
        (
            "{{eq .Name 5}}",
            ':1:2: executing "" at <eq .Name 5>: '
            "error calling eq: incompatible types for comparison",
        ),
    ],
)
def test_what_goes_wrong_while_running_is_told_with_its_place(text, reason):
    with pytest.raises(CommandError) as caught:
        run(text)
    assert str(caught.value) == f"template parsing error: template: {reason}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{if .State.Health}}a{{else}}b{{end}}", "b"),
        ("{{.State.Health}}", "<nil>"),
        ("{{.Config.Labels.nothing}}", "<no value>"),
        ("{{.NetworkSettings.Networks.none.IPAddress}}", "<no value>"),
        ("{{.Config.Entrypoint}}", "[]"),
    ],
)
def test_documents_of_the_api_are_read_like_structs(text, shown):
    assert documents(text).run(WEB) == shown


def test_a_field_of_an_optional_part_that_is_missing_is_an_error():
    with pytest.raises(CommandError) as caught:
        documents("{{.State.Health.Status}}").run(WEB)
    assert 'at <.State.Health.Status>: map has no entry for key "Health"' in str(caught.value)


def test_an_unreadable_template_of_inspect_has_its_own_exit_code():
    with pytest.raises(CommandError) as caught:
        documents("{{.Foo")
    assert caught.value.code == 64
