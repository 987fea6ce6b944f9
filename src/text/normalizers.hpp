#pragma once

#include <unicode/normalizer2.h>

/// ICU's normalizers, each asked for once: they are built-in data, so this cannot fail. Our own
/// statics also let ThreadSanitizer see the order that ICU, which is not instrumented, hides.
namespace rag::text {

inline const icu::Normalizer2& nfd_normalizer() {
    UErrorCode status = U_ZERO_ERROR;
    static const icu::Normalizer2* const normalizer = icu::Normalizer2::getNFDInstance(status);
    return *normalizer;
}

inline const icu::Normalizer2& nfc_normalizer() {
    UErrorCode status = U_ZERO_ERROR;
    static const icu::Normalizer2* const normalizer = icu::Normalizer2::getNFCInstance(status);
    return *normalizer;
}

inline const icu::Normalizer2& nfkc_casefold_normalizer() {
    UErrorCode status = U_ZERO_ERROR;
    static const icu::Normalizer2* const normalizer =
        icu::Normalizer2::getNFKCCasefoldInstance(status);
    return *normalizer;
}

}  // namespace rag::text
