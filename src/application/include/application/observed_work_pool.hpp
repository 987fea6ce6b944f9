#pragma once

#include <utility>

#include "application/port_call.hpp"
#include "application/ports/work_pool.hpp"

namespace rag {

/// Any pool, each of its jobs under a `PortCall`. Both outlive it.
class ObservedWorkPool final : public WorkPool {
public:
    ObservedWorkPool(WorkPool& pool, Telemetry& telemetry) : pool_(pool), telemetry_(telemetry) {}

    Task<Result<void>> run(std::function<void()> job, CallContext context) override {
        const PortCall call(telemetry_, Port::work_pool, "run", context);
        co_return co_await pool_.run(std::move(job), std::move(context));
    }

private:
    WorkPool& pool_;
    Telemetry& telemetry_;
};

}  // namespace rag
