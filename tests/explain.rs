//! `--explain`: pages of ten programs. What they say of counts and names is what CPython prints for the same lines.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explained")
}

fn ryokan(options: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ryokan"));
    command.args(options).current_dir(folder()).stdin(Stdio::null());
    command.env_remove("PYTHONHASHSEED").env_remove("PYTHONUNBUFFERED").output().expect("the command starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn page(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.html"))
}

/// Asks a page questions in Python: `data` is what it shows, `step(n)` gives the names of the top frame before line n, the last time.
fn ask(page: &Path, questions: &str) -> String {
    let code = format!(
        r#"
import json, re
page = open({page:?}, encoding="utf-8").read()
data = json.loads(re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.S)[1])
frames, states = data["frames"], data["objects"]
def names(step):
    objects = {{states[n]["i"]: states[n] for n in step["o"]}}
    top = frames[step["f"][-1]]
    return {{name: objects.get(to) if isinstance(to, int) else to for name, to in top[2]}}
{questions}"#
    );
    let done = ryokan(&["-c", &code]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    text(&done.stdout)
}

#[test]
fn pages_say_what_cpython_counts() {
    let mut programs = 0;
    for entry in std::fs::read_dir(folder()).expect("it is there") {
        let path = entry.expect("readable").path();
        let Some(name) = path.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_suffix(".py")) else {
            continue;
        };
        programs += 1;
        let wanted = std::fs::read_to_string(path.with_extension("out")).expect("what CPython prints");
        let out = page(name);
        let done = ryokan(&["--explain", out.to_str().expect("UTF-8"), &format!("{name}.py")]);
        assert_eq!((text(&done.stdout), text(&done.stderr)), (wanted, String::new()), "{name}");
        // Lines that are marked print a count, which the page shows beside the name before the line runs.
        let said = ask(
            &out,
            &format!(
                r##"
printed = open("{name}.out").read().split("\n")
lines = data["source"].split("\n")
prints = [n for n, line in enumerate(lines, 1) if line.strip().startswith("print(")]
for step in data["steps"]:
    line = lines[step["l"] - 1] if step["l"] else ""
    if "#: " in line:
        name = line.rpartition("#: ")[2].strip()
        print(step["l"], name, names(step)[name]["r"])
"##
            ),
        );
        let source = std::fs::read_to_string(&path).expect("readable");
        let marked = source.lines().filter(|line| line.contains("#: ")).count();
        assert_eq!(said.lines().count(), marked, "{name}: {said}");
        let counts: Vec<&str> = said.lines().filter_map(|line| line.split(' ').nth(2)).collect();
        let printed: Vec<String> = text(&done.stdout).lines().map(str::to_string).collect();
        let mut left = printed.iter();
        for count in counts {
            // The counts that the program prints come in the same order, with other lines between.
            assert!(left.any(|line| line == count), "{name}: {said} is not what is printed: {printed:?}");
        }
    }
    assert_eq!(programs, 11);
}

fn explain(name: &str, options: &[&str], code: &str) -> (PathBuf, Output) {
    let out = page(name);
    let mut all = vec!["--explain", out.to_str().expect("UTF-8")];
    all.extend(options);
    all.extend(["-c", code]);
    let done = ryokan(&all);
    (out, done)
}

#[test]
fn numbers_strs_and_constants_are_marked() {
    let code = "def f():\n    small = 7\n    large = small * 10000\n    kept = [large, large]\n    word = 'inn'\n    pair = (small, 'x y')\n    return large\nf()\n";
    let (out, done) = explain("marks", &[], code);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let said = ask(
        &out,
        r#"
at = {step["l"]: names(step) for step in data["steps"]}
print(at[3]["small"], at[4]["large"])
print(at[5]["large"]["v"], at[5]["large"]["r"], [to for _, to in at[5]["kept"]["f"]] == 2 * [at[5]["large"]["i"]])
print(at[6]["word"]["m"])
"#,
    );
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "['7', 'small int', 'int'] ['70000', 'unboxed', 'int']");
    assert_eq!(lines[1], "70000 3 True");
    assert!(lines[2].contains("interned") && lines[2].contains("shared constant"), "{said}");
}

#[test]
fn what_comes_and_goes_is_told() {
    let code = "class A: pass\nfirst = A()\ndel first\nsecond = A()\nsecond.me = second\ndel second\nimport gc\ngc.collect()\ndone = 1\n";
    let (out, done) = explain("comes", &[], code);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let said = ask(
        &out,
        r#"
at = {step["l"]: step for step in data["steps"]}
print(names(at[3])["first"]["i"] in at[3]["n"], at[4].get("g") == [names(at[3])["first"]["i"]])
print(names(at[5])["second"]["i"] != names(at[3])["first"]["i"], names(at[6])["second"]["f"][0][0])
print(any("the collector ran" in e for e in at[9]["e"]), names(at[6])["second"]["i"] in at[9]["g"])
print(data["steps"][-1]["e"], data["stopped"])
"#,
    );
    assert_eq!(said, "True True\nTrue .me\nTrue True\n['the program ended'] False\n");
}

#[test]
fn steps_are_bounded_and_exceptions_told() {
    let (out, done) =
        explain("bounded", &["--explain-steps", "20"], "n = 0\nwhile n < 1000:\n    n += 1\nprint(n)\n");
    assert_eq!(text(&done.stdout), "1000\n");
    assert_eq!(ask(&out, "print(len(data['steps']), data['stopped'])"), "20 True\n");
    let (out, done) = explain("raises", &[], "def f():\n    raise ValueError('no </script>')\nf()\n");
    assert_eq!(done.status.code(), Some(1));
    let said = ask(&out, "print(data['steps'][-1]['e'])");
    assert!(
        said.contains("raised: ValueError('no </script>')") && said.contains("the program ended by"),
        "{said}"
    );
}

#[test]
fn looking_changes_nothing() {
    let code = "import sys\na = 1000 * 3\nclass A:\n    def __repr__(self): print('called'); return ''\n    def __getattr__(self, name): print('asked', name); raise AttributeError\nb = A()\nc = [b]\nprint(sys.getrefcount(b), len(c))\n";
    let plain = ryokan(&["-c", code]);
    let (_, seen) = explain("looks", &[], code);
    assert_eq!(text(&plain.stdout), text(&seen.stdout));
}

#[test]
fn what_counts_does_not_go_with_it() {
    let (_, done) = explain("counted", &["--count"], "0");
    assert_eq!(done.status.code(), Some(2));
}
