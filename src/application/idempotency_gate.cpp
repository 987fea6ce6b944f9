#include "application/idempotency_gate.hpp"

#include <algorithm>
#include <utility>

namespace rag {

IdempotencyGate::Pass::Pass(Pass&& other) noexcept
    : gate_(std::exchange(other.gate_, nullptr)), key_(std::move(other.key_)) {}

IdempotencyGate::Pass& IdempotencyGate::Pass::operator=(Pass&& other) noexcept {
    std::swap(gate_, other.gate_);
    std::swap(key_, other.key_);
    return *this;
}

IdempotencyGate::Pass::~Pass() {
    if (gate_) gate_->leave(key_);
}

Result<IdempotencyGate::Pass> IdempotencyGate::enter(
    const TenantId& tenant, const std::vector<WriteKey>& keys
) {
    const auto client = std::ranges::find(keys, WriteKey::Scope::client, &WriteKey::scope);
    if (client == keys.end()) return Pass();

    TenantKey key{tenant, client->key};
    const std::lock_guard lock(mutex_);
    if (!running_.insert(key).second) {
        return fail(ErrorCode::conflict, "A request with this idempotency key is still running.");
    }
    return Pass(*this, std::move(key));
}

void IdempotencyGate::leave(const TenantKey& key) noexcept {
    const std::lock_guard lock(mutex_);
    running_.erase(key);
}

}  // namespace rag
