#include "checkpoints.hpp"

namespace rag::sqlite {

namespace {

// A checkpoint costs two fsyncs, so it waits for some log to be worth them.
constexpr std::int64_t kCheckpointBytes = std::int64_t{16} << 20;
// From here on the writer waits for the readers that keep the log from starting over ...
constexpr std::int64_t kWalBytesHigh = std::int64_t{128} << 20;
// ... and from here on nothing is written until it has.
constexpr std::int64_t kWalBytesMax = std::int64_t{512} << 20;

std::int64_t wal_bytes(std::int64_t frames) { return frames * 4'096; }

}  // namespace

void Checkpoints::make_if_long(Connection& db) {
    const std::int64_t frames = db.wal_frames();
    if (frames < checkpointed_frames_) checkpointed_frames_ = 0;  // The log has started over.
    const bool high = wal_bytes(frames) > kWalBytesHigh;
    if (!high && wal_bytes(frames - checkpointed_frames_) < kCheckpointBytes) return;
    // PASSIVE never waits; RESTART does, up to the busy timeout, so that the log can start over.
    try {
        db.checkpoint(high ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE);
    } catch (const SqliteError& failure) {
        if ((failure.code() & 0xff) != SQLITE_BUSY) throw;  // Readers are in the way: later.
    }
    checkpointed_frames_ = db.wal_frames();
}

bool Checkpoints::hold_up_writes(const Connection& db) {
    return wal_bytes(db.wal_frames()) > kWalBytesMax;
}

}  // namespace rag::sqlite
