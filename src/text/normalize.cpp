#include "text/normalize.hpp"

#include <unicode/bytestream.h>

#include <cstdint>

#include "ascii.hpp"
#include "normalizers.hpp"

namespace rag::text {

std::string nfc(std::string_view text) {
    if (is_ascii(text)) return std::string(text);

    UErrorCode status = U_ZERO_ERROR;
    std::string normalized;
    icu::StringByteSink<std::string> sink(&normalized, static_cast<std::int32_t>(text.size()));
    const icu::StringPiece piece(text.data(), static_cast<std::int32_t>(text.size()));
    nfc_normalizer().normalizeUTF8(0, piece, sink, nullptr, status);
    return U_SUCCESS(status) ? normalized : std::string(text);
}

std::optional<std::string> comparison_form(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    return nfc(*text);
}

Filter comparison_form(Filter filter) {
    for (const auto text : kFilterTexts) filter.*text = comparison_form(filter.*text);
    return filter;
}

}  // namespace rag::text
