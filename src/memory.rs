//! How much memory the system has for us: the cap of a run that was given none.
//!
//! Linux grants more than it has and kills somebody when it runs out. A script that takes all memory is to get a
//! `MemoryError` instead, so a run without `--memory-limit` is capped at what is free when it starts, in the machine and in
//! the control group (container) that it runs in. `RLIMIT_AS` and the like need no care: beyond them the system refuses, and
//! so does the heap.

use std::fs::read_to_string;

/// Bytes that may be taken without driving the system into killing; `None` where it does not say.
pub fn available() -> Option<usize> {
    let free = [machine(), group()].into_iter().flatten().min()?;
    // Some is left for what is outside the heap, and for everybody else.
    Some(free - free / 16)
}

fn machine() -> Option<usize> {
    let text = read_to_string("/proc/meminfo").ok()?;
    let kib = |name: &str| -> Option<usize> {
        text.lines().find_map(|line| line.strip_prefix(name))?.trim().strip_suffix(" kB")?.parse().ok()
    };
    (kib("MemAvailable:")? + kib("SwapFree:").unwrap_or(0)).checked_mul(1024)
}

fn group() -> Option<usize> {
    let groups = read_to_string("/proc/self/cgroup").ok()?;
    let number = |path: String| -> Option<usize> { read_to_string(path).ok()?.trim().parse().ok() };
    groups
        .lines()
        .filter_map(|line| {
            let (kinds, path) = line.split_once(':')?.1.split_once(':')?;
            // The second version has one hierarchy without a name; the first has one for memory. In a container the group's
            // path may be that of the host, and its files lie at the root.
            let (root, limit, used) = match kinds {
                "" => ("/sys/fs/cgroup", "memory.max", "memory.current"),
                _ if kinds.split(',').any(|kind| kind == "memory") => {
                    ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes")
                }
                _ => return None,
            };
            [path.trim_end_matches('/'), ""]
                .iter()
                .filter_map(|path| {
                    let limit = number(format!("{root}{path}/{limit}"))?;
                    Some(limit.saturating_sub(number(format!("{root}{path}/{used}")).unwrap_or(0)))
                })
                .min()
        })
        .min()
}

#[cfg(test)]
mod tests {
    #[test]
    fn linux_says_how_much_is_free() {
        if cfg!(target_os = "linux") {
            let free = super::available().expect("/proc is there");
            assert!((1 << 24..1 << 50).contains(&free), "{free} bytes");
        }
    }
}
