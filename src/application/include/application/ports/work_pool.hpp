#pragma once

#include <functional>

#include "application/call_context.hpp"
#include "application/task.hpp"
#include "domain/error.hpp"

namespace rag {

/// Threads for work that computes too long for the io thread (more than about a millisecond).
/// Thread-safe.
class WorkPool {
public:
    virtual ~WorkPool() = default;

    /// Runs the job on a thread of the pool; the caller goes on, on its own executor, when it is
    /// done. A job owns its data, because it runs to its end even if nobody waits any more.
    /// `overloaded` (the bounded queue is full), `timeout` (the deadline came before its turn),
    /// `unavailable` (shutting down): the job was not run. `internal`: the job threw.
    virtual Task<Result<void>> run(std::function<void()> job, CallContext context) = 0;
};

}  // namespace rag
