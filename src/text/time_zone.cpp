#include "text/time_zone.hpp"

#include <unicode/basictz.h>
#include <unicode/strenum.h>
#include <unicode/timezone.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace rag::text {
namespace {

constexpr std::size_t kNameBytesMax = 64;
constexpr std::size_t kNearestMax = 3;

/// Names of ICU alone, most of which mean several places ("IST": India, Israel, Ireland).
constexpr std::string_view kNoIanaNames =
    " ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST "
    "SST VST Etc/Unknown ";

bool is_iana_name(std::string_view name) {
    if (name.starts_with("SystemV/")) return false;
    return kNoIanaNames.find(" " + std::string(name) + " ") == std::string_view::npos;
}

/// "europe/new_york" of "Europe/New York".
std::string key_of(std::string_view name) {
    std::string key(name);
    for (char& c : key) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        if (c == ' ') c = '_';
    }
    return key;
}

std::string_view place_of(std::string_view name) { return name.substr(name.rfind('/') + 1); }

/// Letters to change, to add or to leave out.
std::size_t distance(std::string_view one, std::string_view other) {
    std::vector<std::size_t> row(other.size() + 1);
    for (std::size_t at = 0; at < row.size(); ++at) row[at] = at;
    for (std::size_t line = 1; line <= one.size(); ++line) {
        std::size_t diagonal = row[0];
        row[0] = line;
        for (std::size_t at = 1; at < row.size(); ++at) {
            const std::size_t changed = diagonal + (one[line - 1] == other[at - 1] ? 0 : 1);
            diagonal = row[at];
            row[at] = std::min({changed, row[at] + 1, row[at - 1] + 1});
        }
    }
    return row.back();
}

class IcuZone final : public TimeZone {
public:
    /// `zone`: one of the database's, all of which are `BasicTimeZone`s.
    explicit IcuZone(std::unique_ptr<icu::BasicTimeZone> zone) : zone_(std::move(zone)) {}

    std::int64_t offset_ms_of_local(std::int64_t local_ms) const override {
        std::int32_t raw = 0;
        std::int32_t saving = 0;
        UErrorCode status = U_ZERO_ERROR;
        zone_->getOffsetFromLocal(
            static_cast<UDate>(local_ms),
            UCAL_TZ_LOCAL_FORMER,
            UCAL_TZ_LOCAL_FORMER,
            raw,
            saving,
            status
        );
        return std::int64_t{raw} + saving;
    }

    std::int64_t offset_ms(Timestamp utc) const override {
        std::int32_t raw = 0;
        std::int32_t saving = 0;
        UErrorCode status = U_ZERO_ERROR;
        zone_->getOffset(static_cast<UDate>(utc.ms), 0, raw, saving, status);
        return std::int64_t{raw} + saving;
    }

private:
    std::unique_ptr<icu::BasicTimeZone> zone_;
};

/// Keeps every zone that was asked for: there are some 600.
class IcuZones final : public TimeZones {
public:
    Result<void> set_fallback(std::string_view name) {
        Result<const TimeZone*> zone = find(name);
        if (!zone) return tl::unexpected(std::move(zone.error()));
        fallback_ = *zone;
        return {};
    }

    Result<const TimeZone*> find(std::string_view name) const override {
        if (name.empty()) return fallback_;
        const std::string key = key_of(name.substr(0, kNameBytesMax));
        if (key == "utc") return &utc_zone();
        const std::scoped_lock lock(mutex_);
        if (const auto known = zones_.find(key); known != zones_.end()) return known->second.get();

        const auto entry = names().find(key);
        if (name.size() > kNameBytesMax || entry == names().end()) return unknown(key);
        std::unique_ptr<icu::TimeZone> zone(
            icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(entry->second))
        );
        auto* basic = dynamic_cast<icu::BasicTimeZone*>(zone.get());
        if (basic == nullptr) return unknown(key);
        static_cast<void>(zone.release());
        auto made = std::make_unique<IcuZone>(std::unique_ptr<icu::BasicTimeZone>(basic));
        return zones_.emplace(key, std::move(made)).first->second.get();
    }

private:
    /// Names as they are written, by `key_of`. Read with the first name that is not UTC.
    const std::map<std::string, std::string>& names() const {
        if (!names_.empty()) return names_;
        UErrorCode status = U_ZERO_ERROR;
        const std::unique_ptr<icu::StringEnumeration> all(
            icu::TimeZone::createTimeZoneIDEnumeration(UCAL_ZONE_TYPE_ANY, nullptr, nullptr, status)
        );
        while (all && U_SUCCESS(status)) {
            const char* name = all->next(nullptr, status);
            if (name == nullptr) break;
            if (is_iana_name(name)) names_.emplace(key_of(name), name);
        }
        return names_;
    }

    tl::unexpected<Error> unknown(const std::string& key) const {
        std::vector<std::pair<std::size_t, std::string>> near;
        for (const auto& [known, name] : names()) {
            const std::size_t whole = distance(key, known);
            near.emplace_back(std::min(whole, distance(place_of(key), place_of(known))), name);
        }
        std::ranges::sort(near);
        std::string message = "must be an IANA time zone, like Europe/Berlin or UTC";
        for (std::size_t at = 0; at < std::min(kNearestMax, near.size()); ++at) {
            message += (at == 0 ? "; nearest: " : ", ") + near[at].second;
        }
        return fail(ErrorCode::invalid_argument, std::move(message), "/timezone");
    }

    mutable std::mutex mutex_;  // Of all below.
    mutable std::map<std::string, std::string> names_;
    mutable std::map<std::string, std::unique_ptr<IcuZone>> zones_;
    const TimeZone* fallback_ = &utc_zone();
};

}  // namespace

Result<std::unique_ptr<TimeZones>> make_time_zones(std::string_view fallback) {
    auto zones = std::make_unique<IcuZones>();
    if (Result<void> set = zones->set_fallback(fallback); !set) {
        return tl::unexpected(std::move(set.error()));
    }
    return std::unique_ptr<TimeZones>(std::move(zones));
}

}  // namespace rag::text
