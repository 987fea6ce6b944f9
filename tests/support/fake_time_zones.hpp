#pragma once

#include "domain/time_zones.hpp"

namespace rag::test {

/// UTC, and "Test/East", whose clocks are nine hours ahead.
class FakeTimeZones final : public TimeZones {
public:
    Result<const TimeZone*> find(std::string_view name) const override {
        if (name.empty() || name == "UTC") return &utc_zone();
        if (name == "Test/East") return &east_;
        return fail(ErrorCode::invalid_argument, "must be an IANA time zone", "/timezone");
    }

private:
    class East final : public TimeZone {
    public:
        std::int64_t offset_ms_of_local(std::int64_t /*local_ms*/) const override { return kAhead; }
        std::int64_t offset_ms(Timestamp /*utc*/) const override { return kAhead; }

    private:
        static constexpr std::int64_t kAhead = 9 * 3'600'000;
    };
    East east_;
};

}  // namespace rag::test
