"""What lists search and sort by; with FTS5 a full-text index over it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

#: The index holds no text of its own (external content), so that each row is stored once.
FULL_TEXT = (
    "CREATE VIRTUAL TABLE commitment_words USING fts5(words, content='commitment_index', "
    "content_rowid='commitment_id', tokenize='unicode61 remove_diacritics 2')",
    "CREATE VIRTUAL TABLE commitment_words_terms USING fts5vocab('commitment_words', 'row')",
    """CREATE TRIGGER commitment_words_added AFTER INSERT ON commitment_index BEGIN
         INSERT INTO commitment_words (rowid, words) VALUES (new.commitment_id, new.words);
       END""",
    """CREATE TRIGGER commitment_words_removed AFTER DELETE ON commitment_index BEGIN
         INSERT INTO commitment_words (commitment_words, rowid, words)
         VALUES ('delete', old.commitment_id, old.words);
       END""",
    """CREATE TRIGGER commitment_words_changed AFTER UPDATE ON commitment_index BEGIN
         INSERT INTO commitment_words (commitment_words, rowid, words)
         VALUES ('delete', old.commitment_id, old.words);
         INSERT INTO commitment_words (rowid, words) VALUES (new.commitment_id, new.words);
       END""",
)


def upgrade() -> None:
    op.create_table(
        "commitment_index",
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("strength", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("ministries", sa.Text(), nullable=False),
        sa.Column("dossiers", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_index_commitment_id_commitment")
        ),
        sa.PrimaryKeyConstraint("commitment_id", name=op.f("pk_commitment_index")),
    )
    if _has_fts5(op.get_bind()):
        for statement in FULL_TEXT:
            op.execute(statement)


def _has_fts5(connection: sa.Connection) -> bool:
    if connection.dialect.name != "sqlite":
        return False
    return bool(connection.scalar(sa.text("SELECT count(*) FROM pragma_module_list WHERE name = 'fts5'")))


def downgrade() -> None:
    if "commitment_words" in sa.inspect(op.get_bind()).get_table_names():
        op.execute("DROP TABLE commitment_words_terms")
        op.execute("DROP TABLE commitment_words")
    op.drop_table("commitment_index")
