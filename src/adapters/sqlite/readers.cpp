#include "readers.hpp"

namespace rag::sqlite {

Readers::Readers(ReaderOptions options, StoreCondition& condition, Deadlines& deadlines)
    : options_(std::move(options)),
      condition_(condition),
      pool_(PoolOptions{"store-read", options_.connections_max, options_.waiting_max}, deadlines) {}

std::int64_t Readers::connections_open() const {
    const std::lock_guard lock(mutex_);
    return open_;
}

std::unique_ptr<Connection> Readers::lease() {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            std::unique_ptr<Connection> connection = std::move(idle_.back());
            idle_.pop_back();
            return connection;
        }
    }
    auto connection = std::make_unique<Connection>(options_.connection);
    const std::lock_guard lock(mutex_);
    ++open_;
    return connection;
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(connection));
}

void Readers::dropped() {
    const std::lock_guard lock(mutex_);
    --open_;
}

}  // namespace rag::sqlite
