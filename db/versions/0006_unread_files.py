"""Files that could not be read."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "unread_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("now_at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unread_file")),
        sa.UniqueConstraint("path", name=op.f("uq_unread_file_path")),
    )
    with op.batch_alter_table("unread_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unread_file_now_at"), ["now_at"], unique=False)


def downgrade() -> None:
    op.drop_table("unread_file")
