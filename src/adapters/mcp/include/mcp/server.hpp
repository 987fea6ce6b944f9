#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "application/ports/work_pool.hpp"
#include "application/task.hpp"
#include "application/use_cases.hpp"
#include "wire/message.hpp"

/// The Model Context Protocol, in both its generations: revision 2026-07-28, which keeps no
/// session, and those from 2024-11-05 to 2025-11-25, which begin with `initialize`.
namespace rag::mcp {

struct ServerOptions {
    std::string version;  // Told to clients.
    std::chrono::seconds session_age_max = std::chrono::hours(24);
};

/// Answers /mcp. Thread-safe.
class Server {
public:
    /// What the use cases refer to, and the pool, outlive the server. Large messages are parsed,
    /// and long answers are fitted to their limit, on the pool.
    Server(UseCases& use_cases, WorkPool& work_pool, ServerOptions options);
    ~Server();

    /// POST, GET and DELETE of /mcp. The listener has looked at Host, Origin and the body's size.
    /// A request that another process of the user forwards (header `kStdioHeader`, origin not
    /// `network`) is one line of a stdio session: its body is the line; the answer's the line to
    /// write, or empty with status 202.
    Task<wire::Response> handle_http(wire::Request request, CallContext context);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

struct StdioOptions {
    std::string version;
    int input = 0;  // File descriptors; they stay open.
    int output = 1;
    int parent = 0;  // The process whose end ends the session too; 0: none.
    std::size_t line_bytes_max = (16u << 20) + 4096;  // A body with its envelope.
    std::size_t in_flight_max = 64;                   // Lines whose answer is not written yet,
    std::size_t in_flight_bytes_max = 64u << 20;      // and their bytes.
    std::chrono::seconds call_timeout = std::chrono::minutes(5);
    std::chrono::seconds drain_timeout{30};
};

/// Speaks the protocol over stdin and stdout. What needs nothing stored (`initialize`,
/// `server/discover`, `ping`, the lists of tools and prompts) is answered at once, on the calling
/// thread; the rest is forwarded, line by line, to whoever owns the store.
class StdioLoop {
public:
    /// `forward` is called on `executor`, several calls side by side.
    StdioLoop(StdioOptions options, boost::asio::any_io_executor executor, wire::Handler forward);
    ~StdioLoop();
    StdioLoop(const StdioLoop&) = delete;
    StdioLoop& operator=(const StdioLoop&) = delete;

    /// Reads until the input ends, `stop` is called, the output is gone or the parent; then waits,
    /// at most `drain_timeout`, until what came has been answered.
    void run();

    /// Makes `run` read no more. From any thread, before or while it runs.
    void stop();

private:
    struct State;
    std::shared_ptr<State> state_;  // Shared with calls that outlast `drain_timeout`.
};

}  // namespace rag::mcp
