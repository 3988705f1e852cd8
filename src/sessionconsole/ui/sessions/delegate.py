"""Paints the cells of the session table: two lines, a mark, a device, a button."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QBrush, QColor, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.sessions import Handle
from sessionconsole.ui.look.icons import line_for
from sessionconsole.ui.look.labels import Inert, show_tooltip, tooltip
from sessionconsole.ui.look.plain import shown
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.look.tokens import RADIUS, Tokens
from sessionconsole.ui.sessions.columns import Col
from sessionconsole.ui.sessions.model import Index, RowLook, SessionTableModel
from sessionconsole.ui.sessions.orders import Action
from sessionconsole.ui.sessions.text_cache import CutText, TextCache
from sessionconsole.ui.sessions.wording import Lines, Tone

ROW_HEIGHT = 48
BUTTON_HEIGHT, BUTTON_LEAST, BUTTON_PADDING = 28, 52, 11
CELL_PADDING, MARK_AT, DEVICE_TEXT_AT, ICON = 6, 16, 34, 20
SMALL_ICON = 14
END_PADDING = 10
ACCENT_BAR = 3

_STRONG_ACTIONS = frozenset({Action.UNDO, Action.WITHDRAW, Action.END_AGAIN})


class SessionDelegate(QStyledItemDelegate):
    """Draws text at points from caches; asks the model for roles and turns them into colours of the theme."""

    def __init__(self, theme: Theme, model: SessionTableModel, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self._theme = theme
        self._model = model
        self.hovered: Handle | None = None
        self.hovered_button: Handle | None = None
        self.pressed_button: Handle | None = None
        self._take_theme()
        theme.changed.connect(self._take_theme)

    @Slot()
    def _take_theme(self) -> None:
        theme, sizes = self._theme, self._theme.sizes
        self._colours = {name: QColor(getattr(theme.tokens, name)) for name in _TOKENS}
        self._body = TextCache(theme.font(sizes.body))
        self._body_strong = TextCache(theme.font(sizes.body, strong=True))
        self._small = TextCache(theme.font(sizes.small))
        self._small_strong = TextCache(theme.font(sizes.small, strong=True))
        self.row_height = max(
            sizes.px(ROW_HEIGHT), self._body.metrics.height() + self._small.metrics.height() + sizes.px(10)
        )

    # ------------------------------------------------------------------------------------- measures

    def button_width(self, action: Action) -> int:
        """The width of a row's button in px."""
        font = self._button_font(action)
        wide = font.metrics.horizontalAdvance(action) + 2 * self._theme.sizes.px(BUTTON_PADDING)
        return max(self._theme.sizes.px(BUTTON_LEAST), wide)

    def end_width(self) -> int:
        """What the End column needs for its longest caption."""
        return max(self.button_width(action) for action in Action) + 2 * self._theme.sizes.px(END_PADDING)

    def state_width(self) -> int:
        """What the State column needs for its longest words."""
        strong = max(self._body_strong.metrics.horizontalAdvance(text) for text in _LONGEST_STATES)
        small = max(self._small.metrics.horizontalAdvance(text) for text in _LONGEST_SECONDS)
        return max(strong, small) + 2 * self._theme.sizes.px(CELL_PADDING)

    def button_rect(self, cell: QRect, action: Action, mirrored: bool) -> QRect:
        """Where the button is within its cell; empty where there is none."""
        if action is Action.NONE:
            return QRect()
        px = self._theme.sizes.px
        size = QSize(self.button_width(action), px(BUTTON_HEIGHT))
        left = (
            cell.left() + px(END_PADDING) if mirrored else cell.right() + 1 - px(END_PADDING) - size.width()
        )
        return QRect(QPoint(left, cell.top() + (cell.height() - size.height()) // 2), size)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, self.row_height)

    # ------------------------------------------------------------------------------------- painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, column = index.row(), index.column()
        look = self._model.look(row)
        rect: QRect = option.rect
        # Of the view, not of `option.state`: for that PySide6 sets up the whole of QStyle, which takes 4 ms of a start.
        selected = self._view.selectionModel().isRowSelected(row)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        painter.fillRect(rect, self._ground(look, self._model.handle_at(row), selected))
        if column == Col.MARK:
            self._paint_mark(painter, rect, look, mirrored)
        elif column == Col.END:
            self._paint_button(painter, rect, look, self._model.handle_at(row), mirrored)
        else:
            inset = DEVICE_TEXT_AT if column == Col.DEVICE else CELL_PADDING
            if column == Col.DEVICE:
                self._paint_device(painter, rect, row, mirrored)
            self._paint_lines(painter, rect, self._model.lines(row, column), look, inset, mirrored)

    def _ground(self, look: RowLook, handle: Handle, selected: bool) -> QColor:
        colours = self._colours
        if look.gone:
            return colours["selected"] if selected and not self._theme.tokens.tints else colours["good_row"]
        if look.level is not Level.FAMILIAR:
            kind = "alarm_row" if look.level is Level.ALARM else "check_row"
            if selected:
                return colours[f"{kind}_selected"]
            hover = handle == self.hovered and not self._theme.tokens.tints
            return colours["hover" if hover else kind]
        if selected:
            return colours["selected"]
        return colours["hover" if handle == self.hovered else "surface"]

    def _paint_mark(self, painter: QPainter, rect: QRect, look: RowLook, mirrored: bool) -> None:
        if look.mark is None:
            return
        token = _MARK_COLOURS[look.mark]
        self._paint_icon(painter, rect, look.mark, token, MARK_AT, mirrored)

    def _paint_device(self, painter: QPainter, rect: QRect, row: int, mirrored: bool) -> None:
        session = self._model.session_row(self._model.handle_at(row))
        if session is not None:
            self._paint_icon(painter, rect, session.session.device.type, "text2", CELL_PADDING, mirrored)

    def _paint_icon(
        self, painter: QPainter, rect: QRect, name: str, token: str, inset: int, mirrored: bool
    ) -> None:
        theme = self._theme
        side = theme.sizes.px(ICON)
        pixmap = theme.icons.pixmap(
            name,
            getattr(theme.tokens, token),
            side,
            painter.device().devicePixelRatioF(),
            inside=theme.tokens.alarm_icon_inside,
        )
        at = theme.sizes.px(inset)
        left = rect.right() + 1 - at - side if mirrored else rect.left() + at
        painter.drawPixmap(QPoint(left, rect.top() + (rect.height() - side) // 2), pixmap)

    def _paint_lines(
        self, painter: QPainter, rect: QRect, lines: Lines, look: RowLook, inset: int, mirrored: bool
    ) -> None:
        px = self._theme.sizes.px
        lead, trail = px(inset), px(CELL_PADDING)
        left = rect.left() + (trail if mirrored else lead)
        room = max(0, rect.width() - lead - trail)
        first, second = self._fonts(lines)
        top = first.cut(lines.first, room)
        gap = px(2)
        height = first.metrics.height() + (gap + second.metrics.height() if lines.second else 0)
        baseline = rect.top() + (rect.height() - height) // 2 + first.metrics.ascent()
        tone = Tone.QUIET if look.dimmed and lines.first_tone is Tone.TEXT else lines.first_tone
        self._draw(painter, first, top, self._colours[tone], left, room, baseline, mirrored)
        if lines.second:
            below = baseline + first.metrics.descent() + gap + second.metrics.ascent()
            if lines.second_icon:
                side = px(SMALL_ICON)
                at = left + room - side if mirrored else left
                top_of_icon = below - (second.metrics.ascent() - second.metrics.descent() + side) // 2
                self._paint_small_icon(painter, QPoint(at, top_of_icon), lines.second_icon, lines.second_tone)
                room = max(0, room - side - px(4))
                left += 0 if mirrored else side + px(4)
            under = second.cut(lines.second, room)
            self._draw(painter, second, under, self._colours[lines.second_tone], left, room, below, mirrored)

    def _paint_small_icon(self, painter: QPainter, at: QPoint, name: str, tone: Tone) -> None:
        theme = self._theme
        side, ratio = theme.sizes.px(SMALL_ICON), painter.device().devicePixelRatioF()
        line = line_for(SMALL_ICON)
        painter.drawPixmap(at, theme.icons.pixmap(name, getattr(theme.tokens, tone), side, ratio, line=line))

    @staticmethod
    def _draw(
        painter: QPainter,
        cache: TextCache,
        text: CutText,
        colour: QColor,
        left: int,
        room: int,
        baseline: int,
        mirrored: bool,
    ) -> None:
        painter.setFont(cache.font)
        painter.setPen(colour)
        painter.setLayoutDirection(text.direction)
        painter.drawText(QPointF(left + (room - text.width if mirrored else 0), baseline), text.text)

    def _paint_button(
        self, painter: QPainter, cell: QRect, look: RowLook, handle: Handle, mirrored: bool
    ) -> None:
        rect = self.button_rect(cell, look.action, mirrored)
        if rect.isEmpty():
            return
        colours = self._colours
        hovered = handle == self.hovered_button and look.may_end
        marked = look.level is not Level.FAMILIAR and look.action is not Action.UNDO
        if not look.may_end:
            word, edge = colours["text2"], colours["edge"]
        elif look.action in (Action.UNDO, Action.WITHDRAW):
            word = edge = colours["accent"]
        elif look.level is Level.ALARM:
            word = edge = colours["alarm"]
        else:
            word = colours["text"]
            edge = colours["control"] if marked or handle == self.hovered else colours["edge"]
        ground = colours["raised" if hovered and handle == self.pressed_button else "surface"]
        if hovered and handle != self.pressed_button:
            ground = colours["hover"]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        line = Qt.PenStyle.SolidLine if look.may_end else Qt.PenStyle.DashLine
        painter.setPen(QPen(edge, 1.5 if hovered else 1.0, line))
        painter.setBrush(QBrush(ground))
        radius = self._theme.sizes.px(RADIUS)
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        cache = self._button_font(look.action, strong=marked and look.may_end)
        text = cache.cut(look.action, rect.width())
        left = rect.left() + (rect.width() - text.width) // 2
        baseline = rect.top() + (rect.height() + cache.metrics.ascent() - cache.metrics.descent()) // 2
        self._draw(painter, cache, text, word, left, text.width, baseline, False)

    def _fonts(self, lines: Lines) -> tuple[TextCache, TextCache]:
        first = self._body_strong if lines.strong else self._body
        return first, self._small_strong if lines.second_strong else self._small

    def _button_font(self, action: Action, *, strong: bool = True) -> TextCache:
        return self._small_strong if strong or action in _STRONG_ACTIONS else self._small

    # --------------------------------------------------------------------------------------- help

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        words = self.help_text(index.row(), Col(index.column()), option.rect.width())
        show_tooltip(event.globalPos(), words, view)
        return True

    def help_text(self, row: int, column: Col, width: int) -> Inert:
        """The tooltip of a cell that is `width` px wide: what was cut, and what is known besides."""
        lines = self._model.lines(row, column)
        lead = DEVICE_TEXT_AT if column is Col.DEVICE else CELL_PADDING
        room = max(0, width - self._theme.sizes.px(lead) - self._theme.sizes.px(CELL_PADDING))
        first, second = self._fonts(lines)
        is_cut = first.cut(lines.first, room).is_cut or second.cut(lines.second, room).is_cut
        told = [shown(part) for part in (lines.first, lines.second) if is_cut and part]
        return tooltip("\n".join([*told, shown(lines.more)] if lines.more else told))


_TOKENS = tuple(name for name in Tokens.__slots__ if name != "tints")
_MARK_COLOURS = {"alarm": "alarm_icon", "check": "check_icon", "this-console": "accent", "done": "good"}
_LONGEST_STATES = ("Not known yet", "Not sent yet", "Still listed", "Should be expired")
_LONGEST_SECONDS = (
    "checked 00:00:00",
    "may work until 00:00",
    "asking the platform",
    "waits for your answer",
    "waits for the platform",
)
