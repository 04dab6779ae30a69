"""Notices inside the house, how often mail of each kind comes, and the address that a calendar reads

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('mail_choice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('paces', sa.JSON(), nullable=False),
    sa.Column('weekly_on', sa.Integer(), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(zone) <= 60', name=op.f('ck_mail_choice_zone_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_mail_choice_version_fits')),
    sa.CheckConstraint('weekly_on BETWEEN -2147483648 AND 2147483647', name=op.f('ck_mail_choice_weekly_on_fits')),
    sa.CheckConstraint('weekly_on BETWEEN 0 AND 6', name=op.f('ck_mail_choice_weekday')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_mail_choice_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_choice')),
    sa.UniqueConstraint('account_id', name=op.f('uq_mail_choice_account_id'))
    )
    op.create_index('ix_mail_choice_account_id', 'mail_choice', ['account_id'], unique=False)
    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('topic', sa.String(length=60), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('path', sa.String(length=500), nullable=False),
    sa.Column('about', sa.String(length=60), nullable=False),
    sa.Column('about_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('waits_for', sa.Enum('at_once', 'daily', 'weekly', 'never', native_enum=False, length=30), nullable=True),
    sa.Column('gathered_in', sa.String(length=200), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('client_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("waits_for IN ('at_once', 'daily', 'weekly', 'never')", name=op.f('ck_notice_waits_for_known')),
    sa.CheckConstraint('(contact_id IS NULL) = (client_id IS NULL)', name=op.f('ck_notice_client_of_the_contact')),
    sa.CheckConstraint('(person_id IS NULL) != (contact_id IS NULL)', name=op.f('ck_notice_one_reader')),
    sa.CheckConstraint('about_id BETWEEN -2147483648 AND 2147483647', name=op.f('ck_notice_about_id_fits')),
    sa.CheckConstraint('length(about) <= 60', name=op.f('ck_notice_about_fits')),
    sa.CheckConstraint('length(gathered_in) <= 200', name=op.f('ck_notice_gathered_in_fits')),
    sa.CheckConstraint('length(kind) <= 30', name=op.f('ck_notice_kind_fits')),
    sa.CheckConstraint('length(path) <= 500', name=op.f('ck_notice_path_fits')),
    sa.CheckConstraint('length(subject) <= 300', name=op.f('ck_notice_subject_fits')),
    sa.CheckConstraint('length(topic) <= 60', name=op.f('ck_notice_topic_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_notice_client_id_client')),
    sa.ForeignKeyConstraint(['contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_notice_contact_id_contact')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice'))
    )
    op.create_index('ix_notice_at', 'notice', ['at'], unique=False)
    op.create_index('ix_notice_contact_id', 'notice', ['contact_id'], unique=False)
    op.create_index('ix_notice_gathered_in', 'notice', ['gathered_in'], unique=False)
    op.create_index('ix_notice_person_id', 'notice', ['person_id'], unique=False)
    op.create_index('ix_notice_waiting', 'notice', ['waits_for'], unique=False, postgresql_where=sa.text('waits_for IS NOT NULL'), sqlite_where=sa.text('waits_for IS NOT NULL'))
    op.create_table('calendar_feed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('standing_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=200), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(token_hash) <= 200', name=op.f('ck_calendar_feed_token_hash_fits')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_calendar_feed_account_id_account')),
    sa.ForeignKeyConstraint(['standing_id'], ['standing.id'], name=op.f('fk_calendar_feed_standing_id_standing')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feed')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_calendar_feed_token_hash'))
    )
    op.create_index('ix_calendar_feed_account_id', 'calendar_feed', ['account_id'], unique=False)
    op.create_index('ix_calendar_feed_standing_id', 'calendar_feed', ['standing_id'], unique=False)
    # a column with its CHECK in one statement, which both engines know: the table is not made anew
    op.execute(
        "ALTER TABLE standing ADD COLUMN unread INTEGER DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_standing_unread_fits CHECK (unread BETWEEN -2147483648 AND 2147483647)"
    )


def downgrade() -> None:
    op.drop_column("standing", "unread")
    for table in ("calendar_feed", "notice", "mail_choice"):
        op.drop_table(table)
