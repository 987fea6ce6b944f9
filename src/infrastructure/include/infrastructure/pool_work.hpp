#pragma once

#include "application/ports/work_pool.hpp"
#include "infrastructure/pool.hpp"

namespace rag {

/// The core's way to a pool.
class PoolWork final : public WorkPool {
public:
    explicit PoolWork(BoundedPool& pool) : pool_(pool) {}
    Task<Result<void>> run(std::function<void()> job, CallContext context) override;

private:
    BoundedPool& pool_;
};

}  // namespace rag
