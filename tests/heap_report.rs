//! Heap reports: planted leaks are named, refused memory is told of, two runs of one program report the same.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// A file of this test's own.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn ryokan(options: &[&str], inside: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ryokan"));
    command.args(options).current_dir(inside).stdin(Stdio::null());
    command.env_remove("PYTHONHASHSEED").env_remove("PYTHONUNBUFFERED").output().expect("the command starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The report of a program, as text.
fn report(program: &str) -> String {
    let out = file(&format!("{program}.txt"));
    let name = format!("{program}.py");
    let done = ryokan(&["--heap-report", out.to_str().expect("UTF-8"), &name], &folder("leaks"));
    assert!(done.status.success(), "{program}: {}", text(&done.stderr));
    std::fs::read_to_string(out).expect("it was written")
}

/// The rows of what is kept that begin with some object: they and what is said of it.
fn holder<'a>(report: &'a str, path: &str) -> (&'a str, &'a str) {
    let kept = report.split("Where it is kept").nth(1).expect("a table of what is kept");
    let kept = kept.split("\nBy type").next().expect("it ends");
    let at =
        kept.find(&format!("held by  {path}\n")).unwrap_or_else(|| panic!("{path} is not named:\n{kept}"));
    let begin = kept[..at].trim_end().rfind('\n').map_or(0, |at| at + 1);
    let end =
        kept[at..].find(" %").map_or(kept.len(), |end| at + kept[at..at + end].rfind('\n').unwrap_or(end));
    (&kept[begin..at], &kept[at..end])
}

#[test]
fn planted_leaks_are_named() {
    // Its path, what it is, what it holds, and the lines that asked for both.
    let leaks = [
        ("cache", "__main__.service.cache", "dict of 3000", "3,000 Answer", ["cache.py:12", "cache.py:16"]),
        (
            "closure",
            "__main__.callbacks[0].__closure__[0].cell_contents",
            "list of 4000",
            "4,000 dict",
            ["closure.py:7", "closure.py:9"],
        ),
        (
            "global_list",
            "__main__.history",
            "list of 5000",
            "5,000 Event",
            ["global_list.py:10", "global_list.py:14"],
        ),
        (
            "traceback",
            "__main__.last_error.__traceback__.tb_next.tb_frame.f_locals['words']",
            "list of 20000",
            "20,000 str",
            ["traceback.py:7", "traceback.py:7"],
        ),
    ];
    for (program, path, what, holds, lines) in leaks {
        let report = report(program);
        let (row, said) = holder(&report, path);
        assert!(row.contains(what), "{program}: {row}");
        assert!(said.contains(holds) && lines.iter().all(|line| said.contains(line)), "{program}: {said}");
    }
    let report = report("cycle");
    let garbage = report.split("What nothing leads to").nth(1).expect("there is garbage");
    let row = garbage.lines().find(|line| line.contains("Owner")).expect("it is named");
    assert!(row.contains("2,000") && row.contains("cycle.py:23"), "{row}");
}

/// The report of a program given as text, as it is asked by `look`, in Python: `report` is its data.
fn asked(name: &str, code: &str, look: &str) -> String {
    let out = file(&format!("{name}.json"));
    let done = ryokan(&["--heap-report", out.to_str().expect("UTF-8"), "-c", code], &folder("leaks"));
    assert!(done.status.success(), "{name}: {}", text(&done.stderr));
    let read =
        ryokan(&["-c", &format!("import json\nreport = json.load(open({out:?}))\n{look}")], &folder("leaks"));
    assert!(read.status.success(), "{name}: {}", text(&read.stderr));
    text(&read.stdout)
}

/// Where each object retains nearly what the one before does, the first is named.
#[test]
fn rows_are_named_by_their_first() {
    let look = "for row in report['holders']:\n    if row['kept'] == 'in a row': print(row['type'], row['path'], row['line'], \
                row['holds']['count'] // 1000)";
    let linked = "class Node:\n    def __init__(self, next):\n        self.next = next\n        self.data = [1]\n\
                  head = None\nfor n in range(30000):\n    head = Node(head)\n";
    assert_eq!(asked("linked", linked, look), "Node __main__.head <string>:7 29\n");
    let tuples = "chain = ()\nfor n in range(30000):\n    chain = (chain, chain)\n";
    assert_eq!(asked("tuples", tuples, look), "tuple __main__.chain <string>:3 30\n");
}

/// What several variables of a module lead to is named, though it hangs on none of them.
#[test]
fn what_is_shared_is_named() {
    let code = "class Item:\n    def __init__(self):\n        self.data = [1, 2]\n\
                items, index = [], {}\nfor n in range(3000):\n    items.append(Item())\n    index[n] = items[n]\n";
    let look = "for row in report['holders']:\n    if row['kept'] == 'shared': print(row['value'], row['type'], \
                row['path'].partition('[')[0] in ('__main__.items', '__main__.index'), row['line'], row['retained'] > 150_000)";
    assert_eq!(asked("shared", code, look), "3,000 objects Item True <string>:6 True\n");
}

/// Garbage is counted to the object.
#[test]
fn garbage_is_counted() {
    let code = "import gc\ngc.disable()\nclass Session:\n    def __init__(self):\n        self.own = [self.close]\n\
                \x20       self.buffer = bytearray(300)\n    def close(self): pass\nfor n in range(1500): Session()\n";
    let look = "print({row['type']: row['count'] for row in report['garbage']})";
    let said = asked("sessions", code, look);
    for kind in ["'Session': 1500", "'bytearray': 1500", "'list': 1500", "'method': 1500"] {
        assert!(said.contains(kind), "{said}");
    }
}

/// A function that calls itself in two ways has as many stacks as calls: they are folded, and no byte is lost. Others stay whole.
#[test]
fn stacks_of_recursion_are_folded() {
    let code = "def tree(depth):\n    if depth == 0:\n        return [None]\n    return (tree(depth - 1), tree(depth - 1))\n\
                kept = tree(12)\ndef plain(depth):\n    return [depth] if depth == 0 else plain(depth - 1)\nlone = [plain(5) for _ in range(100)]\n";
    let look = "stacks = [(row['frames'], row['bytes']) for row in report['stacks']]\n\
                print(len(stacks) < 1000, sum(n for frames, n in stacks if frames) == sum(line['bytes'] for line in report['lines']))\n\
                print(sum(n for frames, n in stacks if frames[:1] == ['(recursion)'] and frames[-1] == '<string>:3') > 100_000)\n\
                print([len(frames) for frames, _ in stacks if frames[-1:] == ['<string>:7']])";
    assert_eq!(asked("recursion", code, look), "True True\nTrue\n[7]\n");
}

#[test]
fn refused_memory_is_told_of_and_can_be_caught() {
    let kinds = [
        ("list", "[]", "kept.append([len(kept)])"),
        ("dict", "{}", "kept[len(kept)] = len(kept) * 2 ** 70"),
        ("str", "['']", "kept[0] += 'word' * 100_000"),
        ("instance", "[]", "kept.append(Thing())"),
        ("set", "set()", "kept.add((len(kept),))"),
        ("bytes", "b'x'", "kept += kept"),
        ("tuple", "()", "kept = (kept, kept)"),
        ("deque", "deque()", "kept.append(str(len(kept)))"),
    ];
    for (kind, start, step) in kinds {
        let out = file(&format!("refused_{kind}.json"));
        let _ = std::fs::remove_file(&out);
        let code = format!(
            "from collections import deque\nclass Thing:\n    def __init__(self):\n        self.a = [1]\n\
             kept = {start}\ntry:\n    while True:\n        {step}\nexcept MemoryError:\n    kept = None\n    print('caught')\n"
        );
        let done = ryokan(
            &["--memory-limit", "64M", "--on-memory-error", out.to_str().expect("UTF-8"), "-c", &code],
            &folder("leaks"),
        );
        assert_eq!(text(&done.stdout), "caught\n", "{kind}: {}", text(&done.stderr));
        let report = std::fs::read_to_string(&out).expect("it was written");
        assert!(report.contains("\"made\":\"when memory was refused\""), "{kind}");
        assert!(report.contains("__main__.kept"), "{kind}: {}", &report[..report.len().min(3000)]);
    }
}

#[test]
fn a_signal_asks_for_a_report() {
    let out = file("signal.txt");
    let _ = std::fs::remove_file(&out);
    let shown = out.to_str().expect("UTF-8");
    let code = format!(
        "import os, signal\nkept = [[n] for n in range(1000)]\nos.kill(os.getpid(), signal.SIGUSR1)\n\
         for n in range(1000): pass\nprint(open({shown:?}).readline().strip())\n"
    );
    let done = ryokan(&["--heap-report", shown, "-c", &code], &folder("leaks"));
    assert_eq!(text(&done.stdout), "Heap report, made on a signal\n", "{}", text(&done.stderr));
    assert!(
        std::fs::read_to_string(&out)
            .expect("written")
            .starts_with("Heap report, made when the program had ended")
    );
}

#[test]
fn pages_and_data_are_whole() {
    for ending in ["html", "json"] {
        let out = file(&format!("whole.{ending}"));
        let done =
            ryokan(&["--heap-report", out.to_str().expect("UTF-8"), "global_list.py"], &folder("leaks"));
        assert!(done.status.success(), "{}", text(&done.stderr));
        let report = std::fs::read_to_string(&out).expect("it was written");
        if ending == "html" {
            assert!(report.starts_with("<!DOCTYPE html>") && report.ends_with("</body></html>\n"));
            assert!(
                report.contains("Bytes by allocation stack")
                    && !report.contains("src=")
                    && !report.contains("href=")
            );
            continue;
        }
        let check = format!(
            "import json\nreport = json.load(open({:?}))\nprint(report['heap']['arenas'] == len(report['map']), \
             any(t['type'] == 'Event' and t['count'] == 5000 for t in report['types']), report['traced'])",
            out
        );
        let read = ryokan(&["-c", &check], &folder("leaks"));
        assert_eq!(text(&read.stdout), "True True True\n", "{}", text(&read.stderr));
    }
}

#[test]
fn tables_of_a_large_heap_stay_small() {
    // Each node has two references, so that none hangs on another alone: a tree of all of them would take more than the heap.
    let code = "class Node:\n    __slots__ = ('before', 'behind')\n\
                def chain(n):\n    first = last = Node()\n    for _ in range(n):\n        node = Node()\n\
                \x20       last.behind, node.before, last = node, last, node\n    return first\n\
                kept = [chain(1_100_000), chain(1_100_000)]\n";
    let out = file("large.json");
    let done = ryokan(
        &["--heap-report", out.to_str().expect("UTF-8"), "-X", "tracemalloc=0", "-c", code],
        &folder("leaks"),
    );
    assert!(done.status.success(), "{}", text(&done.stderr));
    let check = format!(
        "import json\nreport = json.load(open({out:?}))\nrows = [(row['path'], row['retained']) for row in report['holders']]\n\
         print(report['merged'], [max(kept for path, kept in rows if path.startswith('__main__.kept' + of)) // 10_000_000\n\
         \x20   for of in ('', '[1]')], max(len(path) for path, _ in rows) < 1000)"
    );
    let read = ryokan(&["-c", &check], &folder("leaks"));
    assert_eq!(text(&read.stdout), "True [5, 2] True\n", "{}", text(&read.stderr));
}

#[test]
fn other_files_are_refused() {
    let done = ryokan(&["--heap-report", "out.pdf", "-c", "0"], &folder("leaks"));
    assert_eq!(done.status.code(), Some(2));
    assert!(text(&done.stderr).contains("--heap-report takes a file .html, .json or .txt, not 'out.pdf'"));
}
