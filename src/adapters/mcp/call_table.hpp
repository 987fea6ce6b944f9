#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace rag::mcp {

/// The lines of a stdio session whose answer is not written yet, and the answers that wait to be
/// written. Both are bounded: a line is only read once there is room for it. Thread-safe.
class CallTable {
public:
    CallTable(std::size_t lines_max, std::size_t bytes_max)
        : lines_max_(lines_max), bytes_max_(bytes_max) {}

    /// A line that came, from `begin` until its answer is written (or there is none).
    struct Call {
        std::size_t bytes = 0;
        std::string id;  // JSON text; empty: nobody can cancel it.
    };

    /// Waits until there is room; false: the session has ended.
    bool begin(std::size_t bytes);
    /// The call can be cancelled from now on.
    void name(const Call& call);
    /// The client wants no answer to that request any more; an unknown id is ignored.
    void cancel(std::string_view id);
    /// The answer of a call, to be written unless it was cancelled or is empty.
    void finish(const Call& call, std::string answer);

    struct AnswerLine {
        std::string line;
        std::size_t bytes = 0;  // Of the call.
    };
    /// The next answer to write; false: none will come.
    bool next_answer(AnswerLine& answer);
    /// What `next_answer` gave has been written.
    void written(const AnswerLine& answer);

    /// Waits until everything has been written; false: the time was not enough.
    bool wait_until_idle(std::chrono::milliseconds timeout);
    /// Nothing is begun or written any more.
    void close();

private:
    void release(std::size_t bytes);

    const std::size_t lines_max_;
    const std::size_t bytes_max_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<AnswerLine> answers_;
    std::unordered_multimap<std::string, bool> cancelled_;  // Named calls by id.
    std::size_t lines_ = 0;
    std::size_t bytes_ = 0;
    bool closed_ = false;
};

}  // namespace rag::mcp
