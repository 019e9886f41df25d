//! What others do to the service harms no request but their own.

use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::support::served::{Served, answer, content, request, request_for, status};
use super::support::{compile, pdf, yaml};

impl Served {
    /// The processes of its workers.
    fn workers(&self) -> Vec<u32> {
        let own = self.child.id().to_string();
        let parent = |id: &u32| {
            let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            let rest = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
            rest.split(' ').nth(1).is_some_and(|parent| parent == own)
        };
        let processes = fs::read_dir("/proc").unwrap();
        let ids = processes.filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
        ids.filter(parent).collect()
    }

    /// Waits until it has so many workers.
    fn until_there_are(&self, count: usize) {
        self.until(|workers| workers.len() == count);
    }

    /// Waits until its workers are as wanted, a minute at most.
    fn until(&self, wanted: impl Fn(&[u32]) -> bool) {
        let started = Instant::now();
        while !wanted(&self.workers()) {
            let workers = self.workers();
            assert!(started.elapsed() < Duration::from_mins(1), "{workers:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn ask(&self, text: &str) -> Vec<u8> {
        self.send(&request(text))
    }

    fn send(&self, request: &str) -> Vec<u8> {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        answer(stream)
    }
}

fn signal(name: &str, process: u32) {
    // One that has ended already is none of our concern.
    let id = process.to_string();
    let _ = Command::new("kill").args([name, &id]).output().unwrap();
}

/// As many open files as the system allows.
fn many_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
}

#[test]
fn workers_that_are_killed_cost_nobody_an_answer() {
    let served = Served::start(&["--workers", "2", "--deadline", "60"]);
    served.until_there_are(2);
    let texts = ["甲市某局", "乙市某局"].map(|agency| yaml(&[("agency", agency)]));
    let wanted = texts.each_ref().map(|text| pdf(text));
    let (going, kills) = (AtomicBool::new(true), AtomicUsize::new(0));
    let harmed = thread::scope(|scope| {
        let killer = scope.spawn(|| {
            while going.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(400));
                let turn = kills.fetch_add(1, Ordering::Relaxed);
                if let Some(worker) = served.workers().get(turn % 2) {
                    signal("-KILL", *worker);
                }
            }
        });
        let client = |client: usize| {
            let (mut harmed, mut turn) = (0, 0);
            while turn < 20 || kills.load(Ordering::Relaxed) < 8 {
                turn += 1;
                let kind = (client + turn) % 2;
                let answer = served.ask(&texts[kind]);
                match status(&answer) {
                    200 => assert!(content(&answer) == wanted[kind]),
                    // Both workers that it was given to were killed.
                    422 | 503 => harmed += 1,
                    other => panic!("{other}"),
                }
            }
            harmed
        };
        let clients: Vec<_> = (0..4).map(|i| scope.spawn(move || client(i))).collect();
        let harmed: usize = clients
            .into_iter()
            .map(|client| client.join().unwrap())
            .sum();
        going.store(false, Ordering::Relaxed);
        killer.join().unwrap();
        harmed
    });
    let kills = kills.load(Ordering::Relaxed);
    assert!(harmed <= kills, "{harmed} after {kills} kills");
    // It comes to itself again.
    assert_eq!(status(&served.ask(&texts[0])), 200);
    served.until_there_are(2);
}

#[test]
fn a_worker_that_hangs_costs_one_request_and_is_replaced() {
    let served = Served::start(&["--workers", "1", "--deadline", "3"]);
    served.until_there_are(1);
    let text = yaml(&[]);
    assert_eq!(status(&served.ask(&text)), 200);
    let first = served.workers();
    signal("-STOP", first[0]);
    assert_eq!(status(&served.ask(&text)), 503);
    // The old one may still be seen for a moment.
    served.until(|workers| workers.len() == 1 && workers != first);
    assert_eq!(status(&served.ask(&text)), 200);
}

/// A report well within all limits, whose last page takes half a minute as PNG: each group of its drawing
/// that lets the ground through is first drawn on a sheet of its own.
pub fn heavy() -> String {
    let group = "<g opacity='.5'><rect width='400' height='400'/><circle r='9'/></g>".repeat(2000);
    let drawing =
        format!("<svg xmlns='http://www.w3.org/2000/svg' width='400' height='400'>{group}</svg>");
    let figure = format!("data:image/svg+xml;base64,{}", BASE64.encode(drawing));
    yaml(&[("other", &format!("|\n  ![图题]({figure})"))])
}

#[test]
fn a_report_that_takes_too_long_costs_its_own_answer_alone() {
    let served = Served::start(&["--workers", "2", "--deadline", "5"]);
    served.until_there_are(2);
    let before = served.workers();
    let (small, heavy) = (yaml(&[]), heavy());
    let wanted = pdf(&small);
    // The figure is on the last page.
    let path = format!(
        "/api/v1/pages?page={}&ppi=300",
        compile(&heavy).page_count()
    );
    thread::scope(|scope| {
        let heavy = scope.spawn(|| served.send(&request_for(&path, &heavy)));
        let mut meanwhile = 0;
        while !heavy.is_finished() {
            let answer = served.ask(&small);
            assert_eq!(status(&answer), 200);
            assert!(content(&answer) == wanted);
            meanwhile += 1;
        }
        assert_eq!(status(&heavy.join().unwrap()), 503);
        // Had the first waited for the heavy one, it would be the only one.
        assert!(meanwhile > 1);
    });
    // Its worker is replaced, and no other. The old one may still be seen for a moment.
    let kept = |now: &[u32]| now.iter().filter(|id| before.contains(id)).count();
    served.until(|workers| workers.len() == 2 && kept(workers) == 1);
    assert_eq!(status(&served.ask(&small)), 200);
}

#[test]
fn a_thousand_idle_connections_and_bad_clients_harm_nobody() {
    many_files();
    let served = Served::start(&["--workers", "1"]);
    let text = yaml(&[]);
    let idle: Vec<TcpStream> = (0..1000).map(|_| served.connect()).collect();
    let begin = |head: &str| {
        let mut stream = served.connect();
        stream.write_all(head.as_bytes()).unwrap();
        stream
    };
    let head = "POST /api/v1/pdf HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/yaml\r\n";
    let slow_head = begin(&head[..40]);
    let slow_body = begin(&format!("{head}Content-Length: 1000\r\n\r\nagency:"));
    let endless = begin(&format!(
        "{head}Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n"
    ));
    // Many that announce as much as they may, and send nothing of it.
    let form = head.replace("application/yaml", "multipart/form-data; boundary=X");
    let silent: Vec<_> = (0..40)
        .map(|_| begin(&format!("{form}Content-Length: 8388000\r\n\r\n")))
        .collect();
    drop(begin(&request(&text)));
    let large = begin(&format!(
        "{head}Connection: close\r\nContent-Length: 9000000\r\n\r\n"
    ));
    assert_eq!(status(&answer(large)), 413);
    assert_eq!(status(&answer(begin("\0\u{fffd}\r\n\r\n"))), 400);
    assert_eq!(status(&served.ask("\u{0}")), 422);
    assert_eq!(status(&served.ask("a: [")), 422);
    for _ in 0..3 {
        let answer = served.ask(&text);
        assert_eq!(status(&answer), 200);
        assert!(content(&answer) == pdf(&text));
    }
    drop((idle, slow_head, slow_body, endless, silent));
}

#[test]
fn the_memory_of_workers_is_bounded() {
    let served = Served::start(&["--workers", "1", "--memory", "2048"]);
    let text = yaml(&[]);
    assert_eq!(status(&served.ask(&text)), 200);
    let limits = fs::read_to_string(format!("/proc/{}/limits", served.workers()[0])).unwrap();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max address space"));
    assert!(line.unwrap().contains("2147483648"), "{limits}");
}
