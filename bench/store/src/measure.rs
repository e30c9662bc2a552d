//! What can be read off the machine: processor time, and how often the disk was waited for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The processor time of this process so far.
pub fn own_cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

/// That of a process and of its children, those that have ended among them.
pub fn cpu_of_family(parent: u32) -> Duration {
    let mut ticks = 0;
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
        // The name of the program may have anything in it, and ends with the last parenthesis.
        let fields: Vec<u64> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().map(|one| one.parse().unwrap_or(0)).collect();
        let is_parent = process == parent;
        if is_parent || fields.get(1) == Some(&u64::from(parent)) {
            // Its own, by user and system; of ended children only the parent's count.
            let of = if is_parent { 11..15 } else { 11..13 };
            ticks += fields.get(of).map_or(0, |times| times.iter().sum::<u64>());
        }
    }
    Duration::from_millis(ticks * 10)
}

/// Counts `fsync` and its like of this process, where `strace` is there to do it.
pub struct Strace {
    child: Child,
    told: PathBuf,
}

impl Strace {
    pub fn attach(folder: &Path) -> Option<Strace> {
        let told = folder.join("syncs.txt");
        let _ = fs::remove_file(&told);
        let child = Command::new("strace")
            .args(["-f", "-qq", "-e", "trace=fsync,fdatasync,sync_file_range", "-o", told.to_str()?, "-p", &std::process::id().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut strace = Strace { child, told };
        // A thread is being traced when it says by whom.
        for _ in 0..500 {
            let is_traced = |task: &fs::DirEntry| {
                let status = fs::read_to_string(task.path().join("status")).unwrap_or_default();
                status.lines().any(|line| line.starts_with("TracerPid:") && !line.ends_with("\t0"))
            };
            if fs::read_dir("/proc/self/task").ok()?.flatten().all(|task| is_traced(&task)) {
                return Some(strace);
            }
            if strace.child.try_wait().ok()?.is_some() {
                return None;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        strace.count();
        None
    }

    pub fn count(mut self) -> u64 {
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
        let told = fs::read_to_string(&self.told).unwrap_or_default();
        let _ = fs::remove_file(&self.told);
        // A call that another one interrupts in the list stands there twice.
        u64::try_from(told.lines().filter(|line| line.contains("sync") && !line.contains("resumed>")).count()).unwrap_or(0)
    }
}
