#pragma once

#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "application/ports/conversation_repository.hpp"

namespace rag {

/// Knows which client keys are in use at this moment: a second request with the key of one that is
/// still running is a `conflict`, as its answer is not known yet. Thread-safe; holds one entry a
/// running write, so it is as bounded as they are.
class IdempotencyGate {
public:
    using TenantKey = std::pair<TenantId, std::string>;

    /// Keeps the key taken while it lives.
    class Pass {
    public:
        Pass() = default;
        Pass(IdempotencyGate& gate, TenantKey key) : gate_(&gate), key_(std::move(key)) {}
        Pass(Pass&& other) noexcept;
        Pass& operator=(Pass&& other) noexcept;
        ~Pass();

    private:
        IdempotencyGate* gate_ = nullptr;
        TenantKey key_;
    };

    /// Takes the tenant's client key among `keys`, if there is one. Forward keys need no gate:
    /// whoever repeats a forwarded write wants the one answer, which the repository gives.
    Result<Pass> enter(const TenantId& tenant, const std::vector<WriteKey>& keys);

private:
    void leave(const TenantKey& key) noexcept;

    std::mutex mutex_;
    std::set<TenantKey> running_;
};

}  // namespace rag
