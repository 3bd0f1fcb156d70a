"""Links: what sentences are about, and which may be about which promise."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "mention_word",
        sa.Column("mention_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["mention_id"], ["mention.id"], name=op.f("fk_mention_word_mention_id_mention")),
        sa.PrimaryKeyConstraint("mention_id", "word", name=op.f("pk_mention_word")),
    )
    with op.batch_alter_table("mention_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mention_word_word"), ["word"], unique=False)

    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("by_itself", sa.Boolean(), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["mention.id"], name=op.f("fk_link_source_id_mention")),
        sa.ForeignKeyConstraint(["target_id"], ["mention.id"], name=op.f("fk_link_target_id_mention")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("source_id", "target_id", name=op.f("uq_link_source_id_target_id")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_target_id"), ["target_id"], unique=False)


def downgrade() -> None:
    op.drop_table("link")
    op.drop_table("mention_word")
