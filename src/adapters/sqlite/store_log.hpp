#pragma once

#include <array>
#include <span>
#include <string_view>

#include "application/ports/telemetry.hpp"

namespace rag::sqlite {

/// What the store says in the log.
class StoreLog {
public:
    explicit StoreLog(Telemetry& telemetry) : telemetry_(telemetry) {}

    void say(LogLevel level, std::string_view message, std::string_view detail = {}) const {
        const std::array<LogField, 1> fields{LogField{"detail", detail}};
        say(level, message, std::span(fields.data(), detail.empty() ? 0 : 1));
    }
    void say(LogLevel level, std::string_view message, std::span<const LogField> fields) const {
        telemetry_.log(level, "app.infrastructure.sqlite", message, {}, fields);
    }

private:
    Telemetry& telemetry_;
};

}  // namespace rag::sqlite
