#include "conversation_reader.hpp"

#include <algorithm>
#include <cstdlib>

#include "message_reader.hpp"
#include "sent_fields.hpp"
#include "wire/parse.hpp"

namespace rag::wire {

using encoding::child_pointer;
using encoding::Value;

namespace {

/// The choice of a name; nullopt: there is none.
template <class Choice, class Names>
Result<std::optional<Choice>> read_choice(
    const SentFields& fields, Sent field, const std::vector<Choice>& all, const Names& names
) {
    Result<std::optional<std::string>> text = fields.text(field);
    if (!text) return tl::unexpected(text.error());
    if (!*text) return std::nullopt;
    std::string known;
    for (const Choice choice : all) {
        if (name_of(choice) == **text) return choice;
    }
    for (const std::string_view name : names) {
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    return refused("must be one of " + known, fields.pointer_of(field));
}

Result<WriteWishes> read_wishes(SentFields& fields) {
    WriteWishes wishes;
    const std::vector<IfExists> all(kIfExists.begin(), kIfExists.end());
    Result<std::optional<IfExists>> if_exists =
        read_choice(fields, Sent::if_exists, all, kIfExistsNames);
    if (!if_exists) return tl::unexpected(if_exists.error());
    wishes.if_exists = *if_exists;

    const std::vector<OnInvalid> ways(kOnInvalid.begin(), kOnInvalid.end());
    Result<std::optional<OnInvalid>> on_invalid =
        read_choice(fields, Sent::on_invalid, ways, kOnInvalidNames);
    if (!on_invalid) return tl::unexpected(on_invalid.error());
    wishes.on_invalid = *on_invalid;

    Result<std::optional<std::string>> key = fields.text(Sent::idempotency_key);
    if (!key) return tl::unexpected(key.error());
    if (*key && !is_idempotency_key(**key)) {
        return refused(
            "must be 1 to 255 visible ASCII characters", fields.pointer_of(Sent::idempotency_key)
        );
    }
    wishes.idempotency_key = std::move(*key);

    const Value* embedding = fields.find(Sent::embedding);
    if (embedding == nullptr) return wishes;
    if (embedding->string() != nullptr) {
        return refused(
            "cannot be chosen yet: a write waits for its vectors; leave it out",
            fields.pointer_of(Sent::embedding)
        );
    }
    fields.leave(Sent::embedding);  // A vector, or what else an export calls so.
    return wishes;
}

/// An array beside which there are no messages is likely theirs under another name.
std::string without_messages(const Value& body) {
    for (const encoding::Member& member : body.object()->members) {
        const Value::Array* items = member.value.array();
        if (items == nullptr || items->empty() || !items->front().is_object()) continue;
        return "is required; send what stands in " + member.name + " as messages";
    }
    return "is required";
}

Result<std::vector<Message>> read_list(
    const SentFields& fields,
    const Value& body,
    const TimeZone& zone,
    Notes& notes,
    SentNames& names
) {
    const Value* sent = fields.find(Sent::messages);
    const std::string pointer = fields.pointer_of(Sent::messages);
    if (sent == nullptr) {
        if (Result<void> slip = fields.refuse_slip_of(Sent::messages); !slip) {
            return tl::unexpected(slip.error());
        }
        return refused(without_messages(body), pointer);
    }
    const Value::Array* items = sent->array();
    if (items == nullptr) return refused("must be an array", pointer);
    std::vector<Message> messages;
    messages.reserve(items->size());
    for (std::size_t i = 0; i < items->size(); ++i) {
        const MessageReading reading{zone, notes, names, static_cast<std::int64_t>(i)};
        Result<Message> message = read_message((*items)[i], child_pointer(pointer, i), reading);
        if (!message) return tl::unexpected(message.error());
        messages.push_back(std::move(*message));
    }
    return messages;
}

Result<ConversationHeader> read_header(const SentFields& fields) {
    ConversationHeader header;
    struct Text {
        Sent field;
        std::optional<std::string> ConversationHeader::*member;
    };
    for (const Text& text :
         {Text{Sent::scenario_title, &ConversationHeader::scenario_title},
          Text{Sent::original_title, &ConversationHeader::original_title},
          Text{Sent::url, &ConversationHeader::url},
          Text{Sent::external_id, &ConversationHeader::external_id}}) {
        Result<std::optional<std::string>> read = fields.text(text.field);
        if (!read) return tl::unexpected(read.error());
        header.*text.member = std::move(*read);
    }
    return header;
}

void note_left(const SentFields& fields, Notes& notes) {
    std::string names;
    for (const std::string& name : fields.names_left()) {
        names += (names.empty() ? "" : ", ") + name;
    }
    if (names.empty()) return;
    notes.add([&] { return Note{fields.pointer(), "kept in its metadata: " + names}; });
}

}  // namespace

std::string SentNames::pointer(std::string of_core) const {
    const std::string_view all = of_core;
    constexpr std::string_view kMessages = "/messages/";
    std::int64_t message = kHeader;
    std::string_view own = all.substr(std::min<std::size_t>(all.size(), 1));
    std::string before = "/";
    if (all.starts_with(kMessages)) {
        const std::size_t end = all.find('/', kMessages.size());
        if (end == std::string_view::npos) return of_core;
        message = std::atoll(std::string(all.substr(kMessages.size(), end)).c_str());
        own = all.substr(end + 1);
        before = all.substr(0, end + 1);
    }
    for (const Field& field : fields_) {
        if (field.message == message && field.own == own) return before + field.sent;
    }
    return of_core;
}

Result<SentConversation> read_conversation(
    const Value& value, const std::string& pointer, const TimeZone& zone
) {
    SentFields fields(pointer, kConversationNames);
    if (auto done = fields.read(value); !done) return tl::unexpected(done.error());
    if (auto done = fields.refuse_slips(); !done) return tl::unexpected(done.error());
    SentConversation sent;
    sent.notes = Notes(pointer);
    Result<WriteWishes> wishes = read_wishes(fields);
    if (!wishes) return tl::unexpected(wishes.error());
    sent.wishes = std::move(*wishes);
    Result<ConversationHeader> header = read_header(fields);
    if (!header) return tl::unexpected(header.error());
    note_left(fields, sent.notes);
    for (const Sent field : {Sent::scenario_title, Sent::external_id}) {
        if (fields.find(field) == nullptr) continue;
        const bool title = field == Sent::scenario_title;
        sent.names.add(
            SentNames::kHeader,
            title ? "scenario_title" : "external_id",
            std::string(fields.name_of(field))
        );
    }
    Result<std::vector<Message>> messages = read_list(fields, value, zone, sent.notes, sent.names);
    if (!messages) return tl::unexpected(messages.error());
    sent.conversation.messages = std::move(*messages);
    Result<Metadata> metadata = fields.metadata();
    if (!metadata) return tl::unexpected(metadata.error());
    header->metadata = std::move(*metadata);
    sent.conversation.header = std::move(*header);
    return sent;
}

Result<SentMessages> read_messages(
    const Value& value, const std::string& pointer, const TimeZone& zone
) {
    SentFields fields(pointer, kAppendNames);
    if (auto done = fields.read(value); !done) return tl::unexpected(done.error());
    if (auto done = fields.refuse_slips(); !done) return tl::unexpected(done.error());
    SentMessages sent;
    sent.notes = Notes(pointer);
    Result<WriteWishes> wishes = read_wishes(fields);
    if (!wishes) return tl::unexpected(wishes.error());
    sent.wishes = std::move(*wishes);
    Result<std::vector<Message>> messages = read_list(fields, value, zone, sent.notes, sent.names);
    if (!messages) return tl::unexpected(messages.error());
    sent.messages = std::move(*messages);
    const std::vector<std::string> left = fields.names_left();
    if (!left.empty()) {
        return refused(
            "there is no such field: an append takes messages, each with its own metadata",
            child_pointer(pointer, left.front())
        );
    }
    return sent;
}

}  // namespace rag::wire
