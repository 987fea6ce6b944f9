#pragma once

#include "application/health.hpp"
#include "wire/stream.hpp"

namespace rag::http {

/// The body of a stream of one of our own processes: it ends, unfinished, when draining begins,
/// because its sender goes on at the next owner and a hand-over does not wait for long files.
class StoppableSource final : public wire::BodySource {
public:
    StoppableSource(wire::BodySource& inner, HealthCheck& health)
        : inner_(inner), health_(health) {}
    Task<Result<bool>> read(std::string& buffer) override;
    bool hold(std::size_t bytes) override { return inner_.hold(bytes); }

private:
    wire::BodySource& inner_;
    HealthCheck& health_;
};

}  // namespace rag::http
