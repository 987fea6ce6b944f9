#include "domain/time.hpp"
#include "render_parts.hpp"
#include "wire/problem.hpp"

namespace rag::wire {

using encoding::JsonWriter;

namespace {

/// What a write did to a conversation that was known: said only where it did something.
void write_what_became(JsonWriter& out, const WriteOutcome& outcome) {
    if (outcome.updated) out.flag("updated", true);
    if (outcome.replaced) out.flag("replaced", true);
    if (outcome.extended) {
        out.flag("extended", true);
        out.member("messages_added", outcome.messages_written);
    }
}

/// A conversation that was there already, known by its name, is no new one.
int ingest_status(const WriteOutcome& outcome) {
    const bool known = outcome.duplicate || outcome.extended || outcome.replaced || outcome.updated;
    return known ? 200 : 201;
}

/// What was understood in another way than it was written, by whoever read it and by the write
/// itself; nothing if nothing was.
void write_notes(JsonWriter& out, const WriteOutcome& outcome, Notes notes) {
    for (const std::int64_t index : outcome.messages_without_words) {
        notes.add([&] {
            const std::string place = "/messages/" + std::to_string(index) + "/content";
            return Note{
                notes.within() + place, "holds no words: found by its terms and by its beginning"};
        });
    }
    if (notes.empty()) return;
    out.key("notes").begin_array();
    for (const Note& note : notes.told()) {
        out.begin_object();
        out.member("pointer", std::string_view(note.pointer));
        out.member("note", std::string_view(note.note));
        out.end_object();
    }
    out.end_array();
    out.member("notes_total", static_cast<std::int64_t>(notes.total()));
}

void write_ingest(JsonWriter& out, const WriteOutcome& outcome, const Notes& notes) {
    out.id("conversation_id", outcome.conversation_id.value);
    out.member("chunks", outcome.chunks_total);
    out.member("chunks_created", outcome.chunks_written);
    out.member("messages", outcome.messages_total);
    out.flag("duplicate", outcome.duplicate);
    write_what_became(out, outcome);
    out.flag("success", true);
    out.key("metadata").begin_object();
    write_titles(out, outcome.header);
    out.member("created_at", format_timestamp(outcome.created_at));
    out.member("total_chunks", outcome.chunks_total);
    out.end_object();
    write_notes(out, outcome, notes);
}

std::string render_append(const WriteOutcome& outcome, const Notes& notes) {
    // Here `messages` are the new ones.
    WriteOutcome shown = outcome;
    shown.messages_total = outcome.messages_written;
    JsonWriter out;
    out.begin_object();
    if (outcome.messages_known > 0) out.member("messages_known", outcome.messages_known);
    write_ingest(out, shown, notes);
    out.end_object();
    return out.take();
}

std::string render_legacy_ingest(const WriteOutcome& outcome) {
    JsonWriter out;
    out.begin_object();
    out.member("conversation_id", outcome.conversation_id.value);
    out.member("chunks", outcome.chunks_total);
    out.end_object();
    return out.take();
}

std::string render_delete(const WriteOutcome& outcome) {
    JsonWriter out;
    out.begin_object();
    out.member("message", "Conversation deleted successfully");
    out.id("conversation_id", outcome.conversation_id.value);
    out.member("chunks_deleted", outcome.chunks_deleted);
    out.end_object();
    return out.take();
}

std::string render_batch_line(const WriteOutcome& outcome, const Notes& notes) {
    JsonWriter out;
    out.begin_object();
    out.member("status", static_cast<std::int64_t>(ingest_status(outcome)));
    out.id("conversation_id", outcome.conversation_id.value);
    out.flag("duplicate", outcome.duplicate);
    write_what_became(out, outcome);
    out.member("messages", outcome.messages_total);
    out.member("chunks", outcome.chunks_total);
    out.member("chunks_created", outcome.chunks_written);
    write_notes(out, outcome, notes);
    out.end_object();
    return out.take().substr(1);
}

}  // namespace

WriteText ingest_answer(const WriteOutcome& outcome, const Notes& notes) {
    JsonWriter out;
    out.begin_object();
    write_ingest(out, outcome, notes);
    out.end_object();
    return {ingest_status(outcome), out.take()};
}

WriteText legacy_ingest_answer(const WriteOutcome& outcome, const Notes&) {
    return {200, render_legacy_ingest(outcome)};
}

WriteText append_answer(const WriteOutcome& outcome, const Notes& notes) {
    return {200, render_append(outcome, notes)};
}

WriteText update_answer(const WriteOutcome& outcome, const Notes&) {
    ConversationSummary summary;
    summary.id = outcome.conversation_id;
    summary.header = outcome.header;
    summary.created_at = outcome.created_at;
    summary.first_message_at = outcome.first_message_at;
    summary.last_message_at = outcome.last_message_at;
    summary.message_count = outcome.messages_total;
    summary.chunk_count = outcome.chunks_total;
    JsonWriter out;
    out.begin_object();
    write_summary_members(out, summary);
    out.end_object();
    return {200, out.take()};
}

WriteText delete_answer(const WriteOutcome& outcome, const Notes&) {
    return {200, render_delete(outcome)};
}

WriteText batch_line_answer(const WriteOutcome& outcome, const Notes& notes) {
    return {ingest_status(outcome), render_batch_line(outcome, notes)};
}

WriteText render_write(const WriteAnswer& answer, WriteRenderer door, const Notes& notes) {
    if (answer.former) return {answer.former->code, answer.former->text};
    return door(answer.outcome, notes);
}

std::string batch_line(std::int64_t line, std::string_view answer) {
    return "{\"line\":" + std::to_string(line) + "," + std::string(answer) + "\n";
}

std::string batch_line_error(std::int64_t line, const Error& error) {
    JsonWriter out;
    out.begin_object();
    out.member("line", line);
    out.member("status", static_cast<std::int64_t>(http_status(error.code)));
    out.key("error");
    write_problem(out, error);
    out.end_object();
    return out.take() + "\n";
}

}  // namespace rag::wire
