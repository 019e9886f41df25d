"""The made-up prose of reports: sentences from a grammar of phrases, and the figures of the tables told."""
import re

from figures import DISPUTES, OUTCOMES

DIGITS = "一二三四五六七八九"
NUMERALS = [*DIGITS, "十", *("十" + digit for digit in DIGITS)]
TOPICS = """优化营商环境 乡村振兴 生态环境保护 义务教育 医疗卫生 养老服务 就业创业 社会救助 住房保障 食品药品监管
    安全生产 防灾减灾 交通运输 水利建设 土地管理 公共文化 全民健身 科技创新 知识产权保护 公共数据 财政资金
    政府采购 工程招标 基层治理 消费维权 城市更新""".split()
# What {word} stands for in a sentence; in an aim, other words stand in turn.
WORDS = {
    "topic": TOPICS,
    "item": """公开指南 公开目录 办事指南 权责清单 政策文件 规划计划 财政预决算 重大项目信息 行政许可结果
        行政处罚结果 招标采购信息 惠民政策 应急预案 会议议定事项 人事信息 统计数据 监督检查结果 机构职能信息""".split(),
    "staff": """信息公开机构 业务科室 法制科室 网站维护人员 分管负责人 经办人员 各科室联络员 政策起草科室""".split(),
    "channel": """门户网站 政务新媒体 公开专栏 公共查阅点 政务服务大厅 公告栏 基层公开专区 新闻发布会
        社区宣传栏""".split(),
    "form": "图解 短视频 问答 案例 漫画 宣传册 现场讲解 专家访谈 直播".split(),
    "people": "公众 群众 企业 办事人 经营主体 个体工商户 项目单位 老年人 基层干部 务工人员".split(),
    "when": "年初 上半年 下半年 每月 每季度 每周 年中 汛期前 重要时点 文件印发后 三个工作日内 遇有调整时".split(),
    "act": "核对 梳理 更新 补充 归集 整理 检查 规范 校正".split(),
    "quality": "准确 及时 完整 规范 易懂 便于查找 真实 前后一致 有据可查 分类清楚".split(),
    "aim": """方便{people}查找和使用 让{people}看得懂、用得上 保障{people}依法获取政府信息
        使{item}{quality}、{quality} 减少{people}重复咨询 回应{people}对{topic}的关切 提高{item}的可用程度
        为{people}办事提供依据""".split(),
}
# The aspects of the first section in their order, and the parts of the fifth, each with its sentences.
ASPECTS = {
    "主动公开": """围绕{topic}{act}{item}，通过{channel}公布，{aim}。
        {when}由{staff}{act}{item}，做到{quality}、{quality}，{aim}。
        {topic}方面的{item}按规定的时限公开，{when}对照目录{act}一次，{aim}。
        对涉及{topic}的文件采用{form}和{form}作出解读，在{channel}同步登载，{aim}。
        把{item}与{item}放在同一栏目，并注明{topic}的联系方式，{aim}。
        {people}关心的{topic}事项，由{staff}汇总后在{channel}说明，{aim}。""",
    "依申请公开": """申请由{staff}统一登记，经{staff}会商后起草答复，{aim}。
        {when}由{staff}分析申请涉及的{topic}事项，把可以主动公开的{item}转为主动公开。
        申请内容不明确的，由{staff}一次告知需要补正的内容，并说明{item}的查找方法。
        答复文书由{staff}审核，做到事实{quality}、依据{quality}，{aim}。""",
    "政府信息管理": """公文起草时由{staff}确定公开属性，{when}对{topic}类文件的属性重新审查，{aim}。
        拟公开的{item}先经{staff}审查，涉及个人隐私的内容作去标识处理，做到{quality}、{quality}。
        {when}清理{topic}方面的{item}，失效的标注状态，现行的集中登载，{aim}。
        {staff}为{item}建立台账，{when}与{channel}的内容逐条核对，{aim}。
        {item}的制作、审核和发布各有专人，由{staff}{when}抽查，{aim}。""",
    "政府信息公开平台建设": """{channel}按{topic}、{topic}等主题设置栏目，{when}由{staff}{act}，{aim}。
        {when}检查{channel}的链接和附件，由{staff}{act}{item}，{aim}。
        在{channel}开设{topic}专题，以{form}介绍{item}，{aim}。
        {channel}增加{item}的检索和下载功能，{people}可以按{topic}筛选，{aim}。
        把{channel}与{channel}的{item}统一来源，{when}核对，做到{quality}、{quality}。""",
    "监督保障": """{when}召开会议研究{topic}信息的公开，由{staff}分解任务，{aim}。
        {staff}{when}参加培训，学习{item}的公开要求，并就{topic}开展案例讨论。
        把{item}的公开纳入考核，由{staff}{when}通报，发现问题随即改正，{aim}。
        请{people}对{topic}信息公开提出意见，由{staff}逐条研究，{aim}。""",
}
PROBLEMS = """{topic}方面的{item}还不够{quality}，{people}查找不够方便。
    {topic}政策的解读以文字为主，采用{form}、{form}的还不多，{people}不易掌握要点。
    {staff}对{item}的公开要求掌握不够，{when}的更新有时不够{quality}。
    {channel}的{item}与{channel}的口径不够一致，{people}反映不够{quality}。"""
REMEDIES = """由{staff}{when}{act}{topic}方面的{item}，做到{quality}、{quality}，{aim}。
    增加{form}、{form}等解读方式，在{channel}介绍{topic}的要点，{aim}。
    组织{staff}学习公开业务，{when}交流{item}的做法，{aim}。
    完善{channel}的栏目，{when}由{staff}{act}{item}，{aim}。"""


class Writer:
    """Writes sentences, none twice in a report and no two of one pattern in a row."""

    def __init__(self, random):
        self.random, self.said, self.last = random, set(), ""

    def filled(self, pattern):
        used = set()  # never 核对、核对

        def word(match):
            word = self.random.choice([word for word in WORDS[match[1]] if word not in used])
            used.add(word)
            return self.filled(word)

        return re.sub(r"\{(\w+)\}", word, pattern)

    def sentence(self, patterns):
        while True:
            pattern = self.random.choice(patterns.split())
            text = self.filled(pattern)
            if pattern != self.last and text not in self.said:
                self.said.add(text)
                self.last = pattern
                return text

    def some(self, patterns, least, most):
        return "".join(self.sentence(patterns) for _ in range(self.random.randint(least, most)))

    def listed(self, patterns, count):
        return [f"{NUMERALS[i]}是{self.sentence(patterns)}" for i in range(count)]


def published(random):
    """How much was published, and of what; the parts add up."""
    parts = [(item, random.randint(2, 90)) for item in random.sample(WORDS["item"], 4)]
    listed = "，".join(f"{item}{count}条" for item, count in parts)
    return f"全年主动公开政府信息{sum(count for _, count in parts)}条，其中{listed}。"


def requested(own, figures):
    """The totals of the table of requests."""
    totals = {key: sum(values) for key, values in figures["requests"].items()}
    groups = {name: sum(totals[row] for row in rows) for name, rows in OUTCOMES.items()}
    groups = {"予以公开": totals["granted"]} | groups
    listed = "，".join(f"{name}{count}件" for name, count in groups.items() if count)
    return (
        f"{figures['year']}年，{own}新收政府信息公开申请{totals['received']}件，"
        f"上年结转{totals['carried_in']}件，办结{totals['concluded']}件，"
        f"结转下年度继续办理{totals['carried_out']}件。"
        + (f"在办结的申请中，{listed}。" if listed else "")
    )


def overview(writer, own, agency, figures, large):
    """The first section: five aspects, and in large reports topics."""
    random = writer.random
    (issued, repealed, in_force), year = figures["rules"][1], figures["year"]
    reviews, *suits = (sum(figures["disputes"][key]) for key in DISPUTES)
    told = {
        "主动公开": f"{published(random)}制发行政规范性文件{issued}件，废止{repealed}件，现行有效{in_force}件。",
        "依申请公开": requested(own, figures),
        "监督保障": f"全年涉及政府信息公开工作的行政复议{reviews}件，行政诉讼{sum(suits)}件。",
    }
    begin = f"{year}年，{agency}执行《中华人民共和国政府信息公开条例》，"
    lines = [begin + writer.sentence(ASPECTS["主动公开"])]
    for number, (aspect, patterns) in zip(NUMERALS, ASPECTS.items()):
        lines += [f"（{number}）{aspect}", told.get(aspect, "") + writer.some(patterns, 1, 2)]
        if large:
            lines += [writer.some(patterns, 2, 5) for _ in range(random.randint(1, 3))]
        elif aspect not in told:
            lines += writer.listed(patterns, 2)
    topics = random.sample(TOPICS, random.randint(6, 10)) if large else []
    for number, topic in zip(NUMERALS[len(ASPECTS):], topics):
        lines.append(f"（{number}）{topic}信息公开")
        for patterns in random.sample(list(ASPECTS.values()), random.randint(2, 3)):
            lines.append(writer.some(patterns, 3, 5))
    return lines


def sections(random, city, agency, figures, large):
    """The paragraphs of every part of a report that is prose, by its key."""
    year, writer = figures["year"], Writer(random)
    own = random.choice([agency, "本机关", "我单位"])
    number, phone = random.randint(1, 300), random.randint(2_000_000, 8_999_999)
    count = random.randint(5, 9) if large else 2
    return {
        "preface": [
            "根据《中华人民共和国政府信息公开条例》（国务院令第711号）和《国务院办公厅政府信息与政务公开办公室"
            "关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知》（国办公开办函〔2021〕30号），"
            f"{agency}编制本报告。报告分六个部分，所列数据的统计期限为{year}年1月1日至12月31日。",
            f"报告的电子版登载于{city}人民政府网站（https://www.example.com）。对报告有疑问的，"
            f"可以向{agency}查询（地址：{city}中心路{number}号，电话：{phone}）。",
        ],
        "overview": overview(writer, own, agency, figures, large),
        "problems": [
            f"{year}年，{own}的公开工作有所进步，仍有不足：",
            *writer.listed(PROBLEMS, count),
            "下一年度从以下几个方面改进：",
            *writer.listed(REMEDIES, count + 1),
        ],
        "other": [f"{year}年度，{own}未收取信息处理费。{writer.sentence(REMEDIES)}"],
    }
