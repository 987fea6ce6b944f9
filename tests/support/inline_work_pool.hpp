#pragma once

#include <cstddef>
#include <optional>

#include "application/ports/work_pool.hpp"

namespace rag::test {

/// Runs jobs at once, on the caller's thread.
class InlineWorkPool final : public WorkPool {
public:
    Task<Result<void>> run(std::function<void()> job, CallContext) override {
        if (refusal_) co_return fail(*refusal_, "The pool refused.");
        ++jobs_;
        job();
        co_return Result<void>();
    }

    void refuse_with(ErrorCode code) { refusal_ = code; }
    std::size_t jobs() const { return jobs_; }

private:
    std::optional<ErrorCode> refusal_;
    std::size_t jobs_ = 0;
};

}  // namespace rag::test
