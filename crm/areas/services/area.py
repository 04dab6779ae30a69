from crm.core.twelve import Area as Code
from crm.registers.register import Area

AREA = Area.of(Code.ITM)
