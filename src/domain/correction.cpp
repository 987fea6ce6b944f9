#include "domain/correction.hpp"

#include <array>
#include <utility>

namespace rag {
namespace {

using Text = std::optional<std::string>;

struct HeaderText {
    const char* name;
    Text ConversationHeader::*member;
    std::optional<Text> HeaderPatch::*patch;
};

constexpr std::array kTexts{
    HeaderText{"scenario_title", &ConversationHeader::scenario_title, &HeaderPatch::scenario_title},
    HeaderText{"original_title", &ConversationHeader::original_title, &HeaderPatch::original_title},
    HeaderText{"url", &ConversationHeader::url, &HeaderPatch::url},
};
constexpr const char* kMetadata = "metadata";

Text text_of(const Metadata& metadata) {
    if (metadata.canonical.empty()) return std::nullopt;
    return metadata.canonical;
}

/// Whether the sender's word is the one it had said before somebody corrected it; else the
/// correction is forgotten.
bool stays_corrected(CorrectedHeader& made, const char* name, const Text& sent) {
    const auto correction = made.corrections.find(name);
    if (correction == made.corrections.end()) return false;
    if (correction->second == sent) return true;
    made.corrections.erase(correction);
    made.changed = true;
    return false;
}

/// Remembers what stood there before the first correction.
void note_correction(CorrectedHeader& made, const char* name, Text said) {
    made.changed = true;
    made.corrections.try_emplace(name, std::move(said));
}

}  // namespace

CorrectedHeader said_again(
    ConversationHeader stored, Corrections corrections, const ConversationHeader& sent
) {
    CorrectedHeader made{std::move(stored), std::move(corrections), false};
    for (const HeaderText& field : kTexts) {
        const Text& said = sent.*field.member;
        if (!said || stays_corrected(made, field.name, said)) continue;
        Text& kept = made.header.*field.member;
        if (kept == said) continue;
        kept = said;
        made.changed = true;
    }
    const Text said = text_of(sent.metadata);
    if (said && !stays_corrected(made, kMetadata, said)) {
        if (made.header.metadata.canonical != *said) {
            made.header.metadata = sent.metadata;
            made.changed = true;
        }
    }
    return made;
}

CorrectedHeader corrected(
    ConversationHeader stored, Corrections corrections, const HeaderPatch& patch
) {
    CorrectedHeader made{std::move(stored), std::move(corrections), false};
    for (const HeaderText& field : kTexts) {
        const std::optional<Text>& wanted = patch.*field.patch;
        Text& kept = made.header.*field.member;
        if (!wanted || kept == *wanted) continue;
        note_correction(made, field.name, std::exchange(kept, *wanted));
    }
    if (patch.metadata && made.header.metadata.canonical != patch.metadata->canonical) {
        note_correction(made, kMetadata, text_of(made.header.metadata));
        made.header.metadata = *patch.metadata;
    }
    return made;
}

bool is_same_message(const Message& stored, const Message& sent) {
    const bool same_id =
        !stored.external_id || !sent.external_id || stored.external_id == sent.external_id;
    return same_id && stored.author_name == sent.author_name &&
           stored.author_type == sent.author_type && stored.content == sent.content;
}

std::optional<Message> said_again(const Message& stored, const Message& sent) {
    Message made = stored;
    bool changed = false;
    if (sent.timestamp && sent.timestamp != stored.timestamp) {
        made.timestamp = sent.timestamp;
        changed = true;
    }
    if (sent.external_id && !stored.external_id) {
        made.external_id = sent.external_id;
        changed = true;
    }
    if (!sent.metadata.canonical.empty() && sent.metadata.canonical != stored.metadata.canonical) {
        made.metadata = sent.metadata;
        changed = true;
    }
    if (!changed) return std::nullopt;
    return made;
}

}  // namespace rag
