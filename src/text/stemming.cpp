#include "stemming.hpp"

#include <libstemmer.h>

#include <algorithm>
#include <array>
#include <memory>

namespace rag::text {
namespace {

struct AlgorithmRow {
    const char* name;
    Script script;
};

// Those of libstemmer 2.2. New ones go to the end: the index is part of the analyzer's version.
constexpr std::array<AlgorithmRow, 26> kAlgorithms{{
    {"arabic", Script::arabic},    {"armenian", Script::armenian}, {"basque", Script::latin},
    {"catalan", Script::latin},    {"danish", Script::latin},      {"dutch", Script::latin},
    {"english", Script::latin},    {"finnish", Script::latin},     {"french", Script::latin},
    {"german", Script::latin},     {"greek", Script::greek},       {"hindi", Script::devanagari},
    {"hungarian", Script::latin},  {"indonesian", Script::latin},  {"irish", Script::latin},
    {"italian", Script::latin},    {"lithuanian", Script::latin},  {"nepali", Script::devanagari},
    {"norwegian", Script::latin},  {"portuguese", Script::latin},  {"romanian", Script::latin},
    {"russian", Script::cyrillic}, {"spanish", Script::latin},     {"swedish", Script::latin},
    {"tamil", Script::tamil},      {"turkish", Script::latin},
}};

struct CloseStemmer {
    void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};
using StemmerHandle = std::unique_ptr<sb_stemmer, CloseStemmer>;

/// A Snowball stemmer writes into itself, so each thread has its own.
sb_stemmer* stemmer_of_this_thread(Algorithm algorithm) {
    thread_local std::array<StemmerHandle, kAlgorithms.size()> stemmers;
    StemmerHandle& stemmer = stemmers.at(algorithm);
    if (!stemmer) stemmer.reset(sb_stemmer_new(kAlgorithms.at(algorithm).name, "UTF_8"));
    return stemmer.get();
}

}  // namespace

std::optional<Algorithm> find_algorithm(std::string_view snowball_name) {
    for (std::size_t index = 0; index < kAlgorithms.size(); ++index) {
        if (snowball_name == kAlgorithms[index].name) return static_cast<Algorithm>(index);
    }
    return std::nullopt;
}

std::string snowball_names() {
    std::string names;
    for (const AlgorithmRow& row : kAlgorithms) {
        if (!names.empty()) names += ", ";
        names += row.name;
    }
    return names;
}

Script script_of(Algorithm algorithm) { return kAlgorithms.at(algorithm).script; }

std::optional<Algorithm> default_algorithm(Script script) {
    switch (script) {
        case Script::latin:
            return find_algorithm("english");
        case Script::cyrillic:
            return find_algorithm("russian");
        case Script::greek:
            return find_algorithm("greek");
        case Script::arabic:
            return find_algorithm("arabic");
        case Script::devanagari:
            return find_algorithm("hindi");
        case Script::tamil:
            return find_algorithm("tamil");
        case Script::armenian:
            return find_algorithm("armenian");
        case Script::other:
            break;
    }
    return std::nullopt;
}

std::string_view stem(Algorithm algorithm, std::string_view word) {
    sb_stemmer* stemmer = stemmer_of_this_thread(algorithm);
    if (stemmer == nullptr) return word;
    const auto* symbols = reinterpret_cast<const sb_symbol*>(word.data());
    const sb_symbol* stemmed = sb_stemmer_stem(stemmer, symbols, static_cast<int>(word.size()));
    if (stemmed == nullptr) return word;  // Out of memory: the word itself is found as well.
    return {
        reinterpret_cast<const char*>(stemmed),
        static_cast<std::size_t>(sb_stemmer_length(stemmer))};
}

}  // namespace rag::text
